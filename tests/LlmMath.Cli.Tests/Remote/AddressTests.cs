using System.Net;
using LlmMath.Cli.Remote;

namespace LlmMath.Cli.Tests.Remote;

/// <summary>What is read as an address, and which addresses are never asked.</summary>
public class AddressTests
{
    [Theory]
    [InlineData("hf:Qwen/Qwen3-8B", "https://huggingface.co/Qwen/Qwen3-8B/resolve/main/")]
    [InlineData("HF:a/b@v1.0", "https://huggingface.co/a/b/resolve/v1.0/")]
    [InlineData("hf:a/b/sub/m-Q4_K_M.gguf", "https://huggingface.co/a/b/resolve/main/sub/m-Q4_K_M.gguf")]
    [InlineData("https://huggingface.co/a/b", "https://huggingface.co/a/b/resolve/main/")]
    [InlineData("https://huggingface.co/a/b/tree/dev", "https://huggingface.co/a/b/resolve/dev/")]
    [InlineData("https://huggingface.co/a/b/blob/main/config.json", "https://huggingface.co/a/b/resolve/main/config.json")]
    [InlineData("https://huggingface.co/a/b/resolve/main/config.json", "https://huggingface.co/a/b/resolve/main/config.json")]
    [InlineData("https://example.org/x/model.safetensors", "https://example.org/x/model.safetensors")]
    public void AnAddressIsFound(string argument, string address) => Assert.Equal(address, HubAddress.Of(argument).AbsoluteUri);

    [Theory]
    [InlineData("hf:", "hf:ORG/NAME")]
    [InlineData("hf:a", "hf:ORG/NAME")]
    [InlineData("hf:a/", "hf:ORG/NAME")]
    [InlineData("hf:a/b/", "hf:ORG/NAME")]
    [InlineData("hf:a/b@", "hf:ORG/NAME")]
    [InlineData("hf:a/b@c@d", "hf:ORG/NAME")]
    [InlineData("hf:../b", "hf:ORG/NAME")]
    [InlineData("hf:a/b/../../c", "hf:ORG/NAME")]
    [InlineData("hf:a/b?c", "hf:ORG/NAME")]
    [InlineData("http://example.org/config.json", "only https is read")]
    [InlineData("ftp://example.org/config.json", "only https is read")]
    [InlineData("file:///etc/passwd", "is no address")]
    [InlineData("https://", "is no address")]
    [InlineData("://", "is no address")]
    [InlineData("https://me:secret@example.org/", "must not hold a name and password")]
    [InlineData("https://127.0.0.1/config.json", "only the Internet is asked")]
    [InlineData("https://192.168.1.1/", "only the Internet is asked")]
    [InlineData("https://0x7f000001/", "only the Internet is asked")]
    [InlineData("https://[::1]/", "only the Internet is asked")]
    [InlineData("https://localhost/", "only the Internet is asked")]
    public void WhatIsNoneIsOneLineAndNothingIsAsked(string argument, string reason)
    {
        foreach (string verb in new[] { "params", "memory", "inspect" })
        {
            string[] more = verb == "memory" ? ["--weights", "bf16"] : [];
            Command run = Command.Run([verb, argument, .. more]);
            Assert.Equal(2, run.Exit);
            Assert.Contains(reason, run.Error);
            Assert.DoesNotContain("secret", run.Error);
            Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Theory]
    [InlineData("https://huggingface.co/a/b", true)]
    [InlineData("https://HuggingFace.co/a/b", true)]
    [InlineData("http://huggingface.co/a/b", false)]
    [InlineData("https://huggingface.co:8443/a/b", false)]
    [InlineData("https://cdn.huggingface.co/a/b", false)]
    [InlineData("https://huggingface.co.example.org/a/b", false)]
    public void OnlyTheHubIsToldTheToken(string address, bool isHub) =>
        Assert.Equal(isHub, RemoteRequests.IsHub(new Uri(address)));

    [Fact]
    public void WhateverIsGivenIsAnAddressOrRefused()
    {
        const string signs = "hf:htps/@.-_ab0%?#[]\\\u0000é\u202e ";
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            string start = random.Next(3) switch { 0 => "hf:", 1 => "https://huggingface.co/", _ => "https://" };
            IEnumerable<char> rest = Enumerable.Range(0, random.Next(30)).Select(_ => signs[random.Next(signs.Length)]);
            string argument = start + string.Concat(rest);
            try
            {
                Assert.True(HubAddress.Of(argument).IsAbsoluteUri);
            }
            catch (CliException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }

    [Theory]
    [InlineData("1.1.1.1", true)]
    [InlineData("172.15.0.1", true)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("2606:4700::1111", true)]
    public void OnlyTheInternetIsPublic(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));
}
