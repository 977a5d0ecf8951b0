namespace Finks.Jinja;

/// <summary>Recursive descent over the tokens. This part walks tokens and bodies; the others read statements and expressions.</summary>
internal sealed partial class Parser
{
    private readonly JinjaEnvironment environment;
    private readonly SourceText source;
    private readonly List<Token> tokens;
    private int index;

    // Jinja checks names of filters and tests when it compiles, except where a branch may never run.
    private int branchDepth;
    private int loopDepth;

    public Parser(JinjaEnvironment environment, string text, string file)
    {
        this.environment = environment;
        source = new SourceText(text, file);
        tokens = new Lexer(source).Run();
    }

    private Token Current => tokens[index];

    private Token Following => tokens[Math.Min(index + 1, tokens.Count - 1)];

    public TemplateNode ParseTemplate()
    {
        try
        {
            return new TemplateNode(ParseBody(null)) { Line = 1, Column = 1 };
        }
        catch (PyError error)
        {
            throw source.Error(Current.Start, error.Reason);
        }
    }

    /// <summary>Statements up to a block tag named in <paramref name="ends"/>, whose name becomes the current token.</summary>
    private List<Statement> ParseBody(Token? opener, params string[] ends)
    {
        StackGuard.Check();
        var body = new List<Statement>();
        while (true)
        {
            var token = Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    index++;
                    body.Add(At(token, (line, column) => new TextStatement(token.Text) { Line = line, Column = column }));
                    break;
                case TokenKind.VariableBegin:
                    index++;
                    body.Add(ParseOutput());
                    break;
                case TokenKind.BlockBegin:
                    index++;
                    if (Current.Kind == TokenKind.Name && ends.Contains(Current.Text))
                        return body;
                    body.Add(ParseStatement());
                    break;
                default:
                    if (opener is { } open)
                        throw source.Error(open.Start, $"Unexpected end of template: '{{% {open.Text} %}}' is not closed. Jinja was looking for {Alternatives(ends)}.");
                    return body;
            }
        }
    }

    private OutputStatement ParseOutput()
    {
        var start = Current;
        var value = ParseTuple();
        Expect(TokenKind.VariableEnd);
        return At(start, (line, column) => new OutputStatement(value) { Line = line, Column = column });
    }

    private void EndBlock()
    {
        if (Current.Is(":"))
            index++;
        Expect(TokenKind.BlockEnd);
    }

    /// <summary>The body of a block, and the tag that ends it.</summary>
    private List<Statement> ParseBlock(Token opener, string end)
    {
        EndBlock();
        var body = ParseBody(opener, end);
        index++;
        EndBlock();
        return body;
    }

    private Token Expect(TokenKind kind)
    {
        if (Current.Kind == kind)
            return tokens[index++];
        var expected = new Token(kind, kind.ToString().ToLowerInvariant(), null, 0, 0);
        throw Fail($"expected token {expected.Describe()}, got {Current.Describe()}");
    }

    private void Expect(string text)
    {
        if (!Skip(text))
            throw Fail($"expected token '{text}', got {Current.Describe()}");
    }

    private bool Skip(string text)
    {
        if (!Current.Is(text))
            return false;
        index++;
        return true;
    }

    private bool SkipName(string name)
    {
        if (!Current.IsName(name))
            return false;
        index++;
        return true;
    }

    private T At<T>(Token token, Func<int, int, T> create)
        where T : JinjaNode
    {
        var (line, column) = source.Position(token.Start);
        return create(line, column);
    }

    private JinjaException Fail(string reason) => source.Error(Current.Start, reason);

    private static string Alternatives(string[] names) => string.Join(" or ", names.Select(name => $"'{name}'"));
}
