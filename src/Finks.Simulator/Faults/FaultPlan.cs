namespace Finks.Simulator;

/// <summary>Counts the requests that match each rule and tells which rule strikes. The first rule that strikes wins; all of them count.</summary>
internal sealed class FaultPlan(IReadOnlyList<FaultRule> rules)
{
    private readonly int[] _seen = new int[rules.Count];

    public FaultRule? Next(ApiRequest request)
    {
        FaultRule? strikes = null;
        for (var i = 0; i < rules.Count; i++)
        {
            if (!rules[i].Matches(request))
                continue;
            var number = Interlocked.Increment(ref _seen[i]);
            if (strikes is null && number >= rules[i].From && (rules[i].Times is not { } times || number - rules[i].From < times))
                strikes = rules[i];
        }

        return strikes;
    }
}
