namespace Finks.Jinja;

/// <content>What follows a value: attributes, items, calls, filters and tests.</content>
internal sealed partial class Parser
{
    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            if (Current.Is(".") || Current.Is("["))
                value = ParseSubscript(value);
            else if (Current.Is("("))
                value = ParseCall(value);
            else
                return value;
        }
    }

    private Expression ParseFilters(Expression value)
    {
        while (true)
        {
            if (Current.Is("|"))
            {
                index++;
                value = ParseFilter(value);
            }
            else if (Current.IsName("is"))
                value = ParseTest(value);
            else if (Current.Is("("))
                value = ParseCall(value);
            else
                return value;
        }
    }

    private CallExpression ParseCall(Expression callee)
    {
        var start = Current;
        var arguments = ParseArguments();
        return At(start, (line, column) => new CallExpression(callee, arguments) { Line = callee.Line, Column = callee.Column });
    }

    private Expression ParseSubscript(Expression target)
    {
        var start = tokens[index++];
        if (start.Is("["))
        {
            var keys = new List<Expression>();
            while (!Current.Is("]"))
            {
                if (keys.Count > 0)
                    Expect(",");
                keys.Add(ParseKey());
            }

            Expect("]");
            var key = keys.Count == 1 ? keys[0] : At(start, (line, column) => new TupleExpression(keys) { Line = line, Column = column });
            return At(start, (line, column) => new ItemExpression(target, key) { Line = line, Column = column });
        }

        var name = tokens[index++];
        return name.Kind switch
        {
            TokenKind.Name => At(name, (line, column) => new AttributeExpression(target, name.Text) { Line = line, Column = column }),
            TokenKind.Integer => At(name, (line, column) => new ItemExpression(target, Literal(name, name.Value)) { Line = line, Column = column }),
            _ => throw source.Error(name.Start, $"expected name or number, got {name.Describe()}"),
        };
    }

    private Expression ParseKey()
    {
        var start = Current;
        var parts = new List<Expression?>();
        var colons = 0;
        var afterColon = true;
        while (!Current.Is("]") && !Current.Is(","))
        {
            if (Current.Is(":") && colons < 2)
            {
                index++;
                colons++;
                if (afterColon)
                    parts.Add(null);
                afterColon = true;
            }
            else if (afterColon)
            {
                parts.Add(ParseExpression());
                afterColon = false;
            }
            else
                throw Fail($"expected token ']', got {Current.Describe()}");
        }

        if (colons == 0)
            return parts.Count == 1 ? parts[0]! : throw Fail("Expected subscript expression");
        while (parts.Count < 3)
            parts.Add(null);
        return At(start, (line, column) => new SliceExpression(parts[0], parts[1], parts[2]) { Line = line, Column = column });
    }

    private ArgumentList ParseArguments()
    {
        Expect("(");
        var (positional, keyword) = (new List<Expression>(), new List<KeywordArgument>());
        Expression? spread = null, keywordSpread = null;
        var first = true;
        while (!Current.Is(")"))
        {
            if (!first)
                Expect(",");
            first = false;
            if (Current.Is(")"))
                break;
            if (Current.Is("*") && spread is null && keywordSpread is null)
            {
                index++;
                spread = ParseExpression();
            }
            else if (Current.Is("**") && keywordSpread is null)
            {
                index++;
                keywordSpread = ParseExpression();
            }
            else if (Current.Kind == TokenKind.Name && Following.Is("=") && keywordSpread is null)
            {
                var name = Current.Text;
                index += 2;
                keyword.Add(new KeywordArgument(name, ParseExpression()));
            }
            else if (spread is null && keywordSpread is null && keyword.Count == 0)
                positional.Add(ParseExpression());
            else
                throw Fail("invalid syntax for function call expression");
        }

        Expect(")");
        return new ArgumentList(positional, keyword, spread, keywordSpread);
    }

    private FilterExpression ParseFilter(Expression? value)
    {
        var start = Current;
        var name = ParseDottedName();
        if (branchDepth == 0 && !environment.Filters.ContainsKey(name))
            throw source.Error(start.Start, $"No filter named '{name}'.");
        var arguments = Current.Is("(") ? ParseArguments() : ArgumentList.None;
        return At(start, (line, column) => new FilterExpression(value, name, arguments) { Line = line, Column = column });
    }

    private Expression ParseTest(Expression value)
    {
        index++;
        var negated = SkipName("not");
        var start = Current;
        var name = ParseDottedName();
        if (branchDepth == 0 && !environment.Tests.ContainsKey(name))
            throw source.Error(start.Start, $"No test named '{name}'.");
        var arguments = ParseTestArguments();
        var test = At(start, (line, column) => new TestExpression(value, name, arguments) { Line = line, Column = column });
        return negated ? At(start, (line, column) => new NotExpression(test) { Line = line, Column = column }) : test;
    }

    private ArgumentList ParseTestArguments()
    {
        if (Current.Is("("))
            return ParseArguments();
        var startsValue = Current.Kind is TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float
            || Current.Is("[") || Current.Is("{");
        if (!startsValue || Current.IsName("else") || Current.IsName("or") || Current.IsName("and"))
            return ArgumentList.None;
        if (Current.IsName("is"))
            throw Fail("You cannot chain multiple tests with is");
        return new ArgumentList([ParsePostfix(ParsePrimary())], [], null, null);
    }

    private string ParseDottedName()
    {
        var name = Expect(TokenKind.Name).Text;
        while (Skip("."))
            name += "." + Expect(TokenKind.Name).Text;
        return name;
    }
}
