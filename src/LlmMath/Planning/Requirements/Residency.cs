namespace LlmMath.Planning;

/// <summary>Where prompts and answers may go.</summary>
public enum Residency
{
    /// <summary>To anybody: machines are rented, and hosted APIs are set beside them.</summary>
    Any,

    /// <summary>To machines rented under one's own account: no hosted API.</summary>
    OwnAccount,

    /// <summary>Nowhere: machines are bought, and stand on one's own premises.</summary>
    Premises,
}
