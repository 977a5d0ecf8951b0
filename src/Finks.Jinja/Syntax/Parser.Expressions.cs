namespace Finks.Jinja;

/// <content>Expressions, from the loosest operator to the tightest.</content>
internal sealed partial class Parser
{
    private Expression ParseExpression()
    {
        StackGuard.Check();
        var start = Current;
        var value = ParseOr();
        while (SkipName("if"))
        {
            branchDepth++;
            var (first, condition) = (value, ParseOr());
            var otherwise = SkipName("else") ? ParseExpression() : null;
            branchDepth--;
            value = At(start, (line, column) => new ConditionalExpression(condition, first, otherwise) { Line = line, Column = column });
        }

        return value;
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (Current.IsName("or"))
        {
            var (operation, first) = (tokens[index++], left);
            var right = ParseAnd();
            left = At(operation, (line, column) => new LogicalExpression(first, isAnd: false, right) { Line = line, Column = column });
        }

        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (Current.IsName("and"))
        {
            var (operation, first) = (tokens[index++], left);
            var right = ParseNot();
            left = At(operation, (line, column) => new LogicalExpression(first, isAnd: true, right) { Line = line, Column = column });
        }

        return left;
    }

    private Expression ParseNot()
    {
        if (!Current.IsName("not"))
            return ParseCompare();
        StackGuard.Check();
        var operation = tokens[index++];
        var operand = ParseNot();
        return At(operation, (line, column) => new NotExpression(operand) { Line = line, Column = column });
    }

    private Expression ParseCompare()
    {
        var start = Current;
        var first = ParseSum();
        var rest = new List<Comparison>();
        while (true)
        {
            if (Current.Kind == TokenKind.Operator && Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
                rest.Add(new Comparison(tokens[index++].Text, ParseSum()));
            else if (SkipName("in"))
                rest.Add(new Comparison("in", ParseSum()));
            else if (Current.IsName("not") && Following.IsName("in"))
            {
                index += 2;
                rest.Add(new Comparison("not in", ParseSum()));
            }
            else
                break;
        }

        return rest.Count == 0 ? first : At(start, (line, column) => new CompareExpression(first, rest) { Line = line, Column = column });
    }

    private Expression ParseSum() => ParseBinary(ParseConcat, "+", "-");

    private Expression ParseConcat()
    {
        var start = Current;
        var first = ParseProduct();
        if (!Current.Is("~"))
            return first;
        var parts = new List<Expression> { first };
        while (Skip("~"))
            parts.Add(ParseProduct());
        return At(start, (line, column) => new ConcatExpression(parts) { Line = line, Column = column });
    }

    private Expression ParseProduct() => ParseBinary(ParsePower, "*", "/", "//", "%");

    // Left associative, and looser than a sign: so Jinja has it, unlike Python.
    private Expression ParsePower() => ParseBinary(() => ParseUnary(), "**");

    private Expression ParseBinary(Func<Expression> operand, params ReadOnlySpan<string> operators)
    {
        var left = operand();
        while (Current.Kind == TokenKind.Operator && operators.Contains(Current.Text))
        {
            var (operation, first) = (tokens[index++], left);
            var right = operand();
            left = At(operation, (line, column) => new BinaryExpression(first, operation.Text, right) { Line = line, Column = column });
        }

        return left;
    }

    private Expression ParseUnary(bool withFilter = true)
    {
        StackGuard.Check();
        var start = Current;
        Expression value;
        if (start.Is("-") || start.Is("+"))
        {
            index++;
            var operand = ParseUnary(withFilter: false);
            value = At(start, (line, column) => new SignExpression(start.Text, operand) { Line = line, Column = column });
        }
        else
        {
            value = ParsePrimary();
        }

        value = ParsePostfix(value);
        return withFilter ? ParseFilters(value) : value;
    }

    private Expression ParsePrimary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                index++;
                return token.Text switch
                {
                    "true" or "True" => Literal(token, PyValue.True),
                    "false" or "False" => Literal(token, PyValue.False),
                    "none" or "None" => Literal(token, null),
                    _ => At(token, (line, column) => new NameExpression(token.Text) { Line = line, Column = column }),
                };
            case TokenKind.String:
                return ParseStrings(token);
            case TokenKind.Integer or TokenKind.Float:
                index++;
                return Literal(token, token.Value);
            case TokenKind.Operator when token.Text == "(":
                index++;
                var inner = ParseTuple(inParentheses: true);
                Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ParseList(token);
            case TokenKind.Operator when token.Text == "{":
                return ParseDict(token);
            default:
                throw Fail($"unexpected {token.Describe()}");
        }
    }

    private LiteralExpression ParseStrings(Token first)
    {
        var text = "";
        while (Current.Kind == TokenKind.String)
            text += tokens[index++].Text;
        return Literal(first, text);
    }

    private LiteralExpression Literal(Token token, object? value) =>
        At(token, (line, column) => new LiteralExpression(value) { Line = line, Column = column });

    private ListExpression ParseList(Token start)
    {
        index++;
        var items = new List<Expression>();
        while (!Current.Is("]"))
        {
            if (items.Count > 0)
                Expect(",");
            if (Current.Is("]"))
                break;
            items.Add(ParseExpression());
        }

        Expect("]");
        return At(start, (line, column) => new ListExpression(items) { Line = line, Column = column });
    }

    private DictExpression ParseDict(Token start)
    {
        index++;
        var pairs = new List<(Expression, Expression)>();
        while (!Current.Is("}"))
        {
            if (pairs.Count > 0)
                Expect(",");
            if (Current.Is("}"))
                break;
            var key = ParseExpression();
            Expect(":");
            pairs.Add((key, ParseExpression()));
        }

        Expect("}");
        return At(start, (line, column) => new DictExpression(pairs) { Line = line, Column = column });
    }

    /// <summary>One expression, or several with commas: a tuple needs no parentheses.</summary>
    private Expression ParseTuple(bool inParentheses = false, bool withCondition = true, params string[] endNames)
    {
        var start = Current;
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0)
                Expect(",");
            if (AtTupleEnd(endNames))
                break;
            items.Add(withCondition ? ParseExpression() : ParseOr());
            if (!Current.Is(","))
                break;
            isTuple = true;
        }

        if (!isTuple && items.Count == 1)
            return items[0];
        if (!isTuple && !inParentheses)
            throw Fail($"Expected an expression, got {Current.Describe()}");
        return At(start, (line, column) => new TupleExpression(items) { Line = line, Column = column });
    }

    private bool AtTupleEnd(string[] endNames) =>
        Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || Current.Is(")") || (Current.Kind == TokenKind.Name && endNames.Contains(Current.Text));
}
