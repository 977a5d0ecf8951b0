namespace Finks.Jinja;

internal enum TokenKind
{
    Data,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
}

/// <summary>A piece of a template, with the offset where it begins and the one behind it.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, object? Value, int Start, int End)
{
    public bool Is(string text) => Kind is TokenKind.Operator && Text == text;

    public bool IsName(string name) => Kind is TokenKind.Name && Text == name;

    public string Describe() => Kind switch
    {
        TokenKind.Data => "template text",
        TokenKind.VariableEnd => "'}}'",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.End => "the end of the template",
        TokenKind.String => $"string {PyValue.Quote(Text)}",
        _ => $"'{Text}'",
    };
}
