using System.Globalization;
using System.Text.RegularExpressions;

namespace Finks.Jinja;

/// <content>The inside of a tag: names, literals and operators.</content>
internal sealed partial class Lexer
{
    private static readonly string[] Operators =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly Stack<char> brackets = new();

    [GeneratedRegex(@"\G(?<!\.)([0-9]+_)*[0-9]+((\.([0-9]+_)*[0-9]+)?[eE][+\-]?([0-9]+_)*[0-9]+|\.([0-9]+_)*[0-9]+)")]
    private static partial Regex FloatPattern { get; }

    [GeneratedRegex(@"\G(0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[1-9](_?[0-9])*|0(_?0)*)")]
    private static partial Regex IntegerPattern { get; }

    private void ReadCode(int tag, string close, TokenKind closeKind)
    {
        brackets.Clear();
        while (true)
        {
            SkipSpace(ref position);
            if (position >= text.Length)
                throw source.Error(tag, $"unexpected end of template: this '{text.Substring(tag, 2)}' has no '{close}'");
            if (brackets.Count == 0 && TryReadClose(close, closeKind))
                return;
            ReadToken();
        }
    }

    private bool TryReadClose(string close, TokenKind kind)
    {
        var sign = text[position] == '-' || (text[position] == '+' && kind == TokenKind.BlockEnd) ? 1 : 0;
        if (string.CompareOrdinal(text, position + sign, close, 0, 2) != 0)
            return false;
        var start = position;
        position += sign + 2;
        tokens.Add(new Token(kind, close, null, start, position));
        SkipSpaceIf(sign == 1 && text[start] == '-');
        return true;
    }

    private void ReadToken()
    {
        var letter = text[position];
        if (letter is '\'' or '"')
            ReadString(letter);
        else if (char.IsAsciiDigit(letter))
            ReadNumber();
        else if (letter == '_' || char.IsLetter(letter))
            ReadName();
        else
            ReadOperator();
    }

    private void ReadName()
    {
        var start = position;
        while (position < text.Length && (text[position] == '_' || char.IsLetterOrDigit(text[position])))
            position++;
        Add(TokenKind.Name, start, null);
    }

    private void ReadNumber()
    {
        var start = position;
        if (FloatPattern.Match(text, position) is { Success: true } real)
        {
            position += real.Length;
            Add(TokenKind.Float, start, double.Parse(real.Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
            return;
        }

        var match = IntegerPattern.Match(text, position);
        position += match.Length;
        Add(TokenKind.Integer, start, PyValue.Normalise(PyNumbers.ParseLiteral(match.Value)));
    }

    private void ReadString(char quote)
    {
        var start = position++;
        while (position < text.Length && text[position] != quote)
            position += text[position] == '\\' ? 2 : 1;
        if (position >= text.Length)
            throw source.Error(start, "unexpected end of template: this string is not closed");
        position++;
        if (!StringLiteral.TryDecode(text.AsSpan(start + 1, position - start - 2), out var value, out var reason))
            throw source.Error(start, reason);
        tokens.Add(new Token(TokenKind.String, value, value, start, position));
    }

    private void ReadOperator()
    {
        foreach (var candidate in Operators)
        {
            if (string.CompareOrdinal(text, position, candidate, 0, candidate.Length) != 0)
                continue;
            Balance(candidate[0]);
            var start = position;
            position += candidate.Length;
            tokens.Add(new Token(TokenKind.Operator, candidate, null, start, position));
            return;
        }

        throw source.Error(position, $"unexpected char {PyValue.Quote(text[position].ToString())} at {position}");
    }

    private void Balance(char letter)
    {
        switch (letter)
        {
            case '(': brackets.Push(')'); break;
            case '[': brackets.Push(']'); break;
            case '{': brackets.Push('}'); break;
            case ')' or ']' or '}':
                if (!brackets.TryPop(out var expected))
                    throw source.Error(position, $"unexpected '{letter}'");
                if (expected != letter)
                    throw source.Error(position, $"unexpected '{letter}', expected '{expected}'");
                break;
        }
    }

    private void Add(TokenKind kind, int start, object? value) =>
        tokens.Add(new Token(kind, text[start..position], value, start, position));
}
