namespace Finks.Simulator;

/// <summary>Ex-dates of one share: every third month, the first session from a day of the month on.</summary>
internal sealed class DividendCalendar(SyntheticTraits traits)
{
    private readonly int _fromDay = 8 + (traits.Number % 12);
    private int _paidMonth;

    /// <summary>Ask for every session in order.</summary>
    public bool IsExDate(DateOnly session)
    {
        if (!traits.PaysDividends || session.Month % 3 != traits.DividendMonth % 3 || session.Day < _fromDay || session.Month == _paidMonth)
            return false;
        _paidMonth = session.Month;
        return true;
    }
}
