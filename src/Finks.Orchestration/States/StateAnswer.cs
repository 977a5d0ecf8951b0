namespace Finks.Orchestration.States;

/// <summary>What a backend says to a proposed state. The engine obeys.</summary>
public abstract record StateAnswer
{
    private StateAnswer()
    {
    }

    /// <summary>The state is written.</summary>
    public sealed record Accepted(RunState State) : StateAnswer;

    /// <summary>The state of the answer is the truth: one that the backend wrote instead, or the one that the run is in already.</summary>
    public sealed record Rejected(RunState State, string Reason) : StateAnswer;

    /// <summary>Too early: propose the same again after the delay.</summary>
    public sealed record Wait(TimeSpan Delay, string Reason) : StateAnswer;

    /// <summary>This process must stop working on the run and write nothing more.</summary>
    public sealed record Aborted(string Reason) : StateAnswer;
}
