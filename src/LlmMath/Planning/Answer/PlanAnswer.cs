using LlmMath.Planning.Answer;

namespace LlmMath.Planning;

/// <summary>A search's answer, written down: the decision in three sentences, the table, how sure it is, money, what fell out and
/// why, what was asked, sources, risks.</summary>
public static class PlanAnswer
{
    private const string Title = "A plan to serve a language model";

    /// <summary>As Markdown.</summary>
    /// <param name="result">What the search found.</param>
    /// <param name="today">The day of the answer, against which prices are old.</param>
    public static string ToMarkdown(this PlanResult result, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(result);
        return AnswerText.Markdown(Title, AnswerParts.Of(result, today));
    }

    /// <summary>As one page of HTML, which needs nothing else: no script, no picture, no font from elsewhere.</summary>
    /// <param name="result">What the search found.</param>
    /// <param name="today">The day of the answer, against which prices are old.</param>
    public static string ToHtml(this PlanResult result, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(result);
        return AnswerText.Html(Title, AnswerParts.Of(result, today));
    }
}
