namespace Finks.Lake;

/// <summary>The lake refuses or cannot do what was asked. The message tells what, why and what to do. Nothing was committed.</summary>
public sealed class LakeException : Exception
{
    public LakeException(string message)
        : base(message)
    {
    }

    public LakeException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
