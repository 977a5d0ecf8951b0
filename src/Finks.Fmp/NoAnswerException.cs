namespace Finks.Fmp;

/// <summary>One attempt that brought no byte of a body. The client turns the last one into <see cref="FmpTransportException"/>.</summary>
internal sealed class NoAnswerException(string reason, Exception? inner) : Exception(reason, inner);
