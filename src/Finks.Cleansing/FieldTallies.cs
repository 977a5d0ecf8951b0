namespace Finks.Cleansing;

/// <summary>What rows have shown of a contract's fields, and of those that the contract does not know. Not for use by several threads.</summary>
internal sealed class FieldTallies(int columns)
{
    /// <summary>Rows with new fields that are kept, to compare their values: enough to tell a renamed field from chance.</summary>
    private const int MostSamples = 200;

    /// <summary>New fields that are told apart. A source that names fields by what they hold (XBRL tags) has no end of them.</summary>
    private const int MostNewFields = 500;

    private readonly Column[] _columns = [.. Enumerable.Range(0, columns).Select(_ => new Column())];
    private readonly List<NewField> _new = [];
    private readonly List<(BronzePlace Place, byte[] Raw)> _samples = [];
    private BronzePlace _place;
    private bool _hasNew;

    /// <summary>Rows read, good and bad.</summary>
    public long Rows { get; private set; }

    /// <summary>Fields that the contract does not know, by name.</summary>
    public IReadOnlyList<NewField> New => [.. _new.OrderBy(f => f.Name, StringComparer.Ordinal)];

    /// <summary>The exact bytes of some rows that have new fields, in the order of Bronze.</summary>
    public IReadOnlyList<(BronzePlace Place, byte[] Raw)> Samples => _samples;

    public Column this[int column] => _columns[column];

    public void Begin(BronzePlace place)
    {
        _place = place;
        _hasNew = false;
        Rows++;
    }

    /// <param name="column">The column whose field the row has.</param>
    /// <param name="wrongForm">Why its value's form was refused; null when it was not.</param>
    public void Saw(int column, string? wrongForm)
    {
        var tally = _columns[column];
        tally.Present++;
        if (wrongForm is null)
            return;
        if (tally.WrongForm++ == 0)
            tally.FirstWrong = (_place, wrongForm);
    }

    /// <summary>Counts a field that the contract does not know.</summary>
    public void SawNew(string name)
    {
        _hasNew = true;
        foreach (var known in _new)
        {
            if (known.Name == name)
            {
                known.Rows++;
                return;
            }
        }

        if (_new.Count < MostNewFields)
            _new.Add(new NewField(name) { Rows = 1, First = _place });
    }

    public void End(ReadOnlySpan<byte> raw)
    {
        if (_hasNew && _samples.Count < MostSamples)
            _samples.Add((_place, raw.ToArray()));
    }

    /// <summary>Adds what others have seen of other rows.</summary>
    public void Add(FieldTallies other)
    {
        Rows += other.Rows;
        for (var i = 0; i < _columns.Length; i++)
            _columns[i].Add(other._columns[i]);
        foreach (var field in other._new)
        {
            if (_new.Find(f => f.Name == field.Name) is { } known)
            {
                known.Rows += field.Rows;
                known.First = known.First.CompareTo(field.First) < 0 ? known.First : field.First;
            }
            else
            {
                _new.Add(new NewField(field.Name) { Rows = field.Rows, First = field.First });
            }
        }

        _samples.AddRange(other._samples);
        _samples.Sort((a, b) => a.Place.CompareTo(b.Place));
        if (_samples.Count > MostSamples)
            _samples.RemoveRange(MostSamples, _samples.Count - MostSamples);
    }

    /// <summary>A column's field.</summary>
    internal sealed class Column
    {
        /// <summary>Rows that have the field, also with null.</summary>
        public long Present { get; set; }

        /// <summary>Rows whose value has a form that the column's type does not take.</summary>
        public long WrongForm { get; set; }

        /// <summary>The first of those, with the reason.</summary>
        public (BronzePlace Place, string Reason)? FirstWrong { get; set; }

        public void Add(Column other)
        {
            Present += other.Present;
            WrongForm += other.WrongForm;
            if (FirstWrong is null || other.FirstWrong?.Place.CompareTo(FirstWrong.Value.Place) < 0)
                FirstWrong = other.FirstWrong ?? FirstWrong;
        }
    }

    /// <summary>A field that the contract does not know.</summary>
    internal sealed class NewField(string name)
    {
        public string Name => name;

        public long Rows { get; set; }

        /// <summary>The first row that has it.</summary>
        public BronzePlace First { get; set; }
    }
}
