namespace Finks.Jinja;

/// <summary>Cuts a template into tokens: here the text between tags, raw blocks, comments and white space control.</summary>
internal sealed partial class Lexer(SourceText source)
{
    private readonly string text = source.Text;
    private readonly List<Token> tokens = [];
    private int position;

    public List<Token> Run()
    {
        while (position < text.Length)
            ReadDataAndTag();
        tokens.Add(new Token(TokenKind.End, "", null, text.Length, text.Length));
        return tokens;
    }

    private void ReadDataAndTag()
    {
        var tag = FindTag(position);
        if (tag < 0)
        {
            AddData(position, text.Length, trimEnd: false);
            position = text.Length;
            return;
        }

        var sign = tag + 2 < text.Length ? text[tag + 2] : '\0';
        AddData(position, tag, trimEnd: sign == '-');
        position = tag + 2 + (sign is '-' or '+' ? 1 : 0);
        switch (text[tag + 1])
        {
            case '#':
                SkipComment(tag);
                break;
            case '{':
                tokens.Add(new Token(TokenKind.VariableBegin, "{{", null, tag, position));
                ReadCode(tag, "}}", TokenKind.VariableEnd);
                break;
            default:
                if (!TryReadRaw(tag))
                {
                    tokens.Add(new Token(TokenKind.BlockBegin, "{%", null, tag, position));
                    ReadCode(tag, "%}", TokenKind.BlockEnd);
                }

                break;
        }
    }

    private int FindTag(int from)
    {
        for (var brace = text.IndexOf('{', from); brace >= 0 && brace + 1 < text.Length; brace = text.IndexOf('{', brace + 1))
        {
            if (text[brace + 1] is '{' or '%' or '#')
                return brace;
        }

        return -1;
    }

    private void AddData(int start, int end, bool trimEnd)
    {
        while (trimEnd && end > start && PyText.IsSpace(text[end - 1]))
            end--;
        if (end > start)
            tokens.Add(new Token(TokenKind.Data, text[start..end], null, start, end));
    }

    private void SkipComment(int tag)
    {
        var end = text.IndexOf("#}", position, StringComparison.Ordinal);
        if (end < 0)
            throw source.Error(tag, "Missing end of comment tag: '{#' has no '#}'");
        var trim = end > position && text[end - 1] == '-';
        position = end + 2;
        SkipSpaceIf(trim);
    }

    private bool TryReadRaw(int tag)
    {
        if (!TryReadSimpleTag(position, "raw", out var content, out var trimStart, out _))
            return false;
        position = content;
        SkipSpaceIf(trimStart);
        for (var start = text.IndexOf("{%", position, StringComparison.Ordinal); start >= 0; start = text.IndexOf("{%", start + 2, StringComparison.Ordinal))
        {
            var sign = start + 2 < text.Length ? text[start + 2] : '\0';
            if (!TryReadSimpleTag(start + 2 + (sign is '-' or '+' ? 1 : 0), "endraw", out var after, out var trimAfter, out _))
                continue;
            AddData(position, start, trimEnd: sign == '-');
            position = after;
            SkipSpaceIf(trimAfter);
            return true;
        }

        throw source.Error(tag, "Missing end of raw directive: '{% raw %}' has no '{% endraw %}'");
    }

    private bool TryReadSimpleTag(int at, string name, out int after, out bool trim, out bool keep)
    {
        (after, trim, keep) = (at, false, false);
        SkipSpace(ref at);
        if (string.CompareOrdinal(text, at, name, 0, name.Length) != 0)
            return false;
        at += name.Length;
        SkipSpace(ref at);
        trim = at < text.Length && text[at] == '-';
        keep = at < text.Length && text[at] == '+' && name == "endraw";
        at += trim || keep ? 1 : 0;
        after = at + 2;
        return string.CompareOrdinal(text, at, "%}", 0, 2) == 0;
    }

    private void SkipSpaceIf(bool trim)
    {
        if (trim)
            SkipSpace(ref position);
    }

    private void SkipSpace(ref int at)
    {
        while (at < text.Length && PyText.IsSpace(text[at]))
            at++;
    }
}
