namespace Finks.Jinja;

/// <content>Block tags other than those that define macros.</content>
internal sealed partial class Parser
{
    private Statement ParseStatement()
    {
        var tag = Current;
        if (tag.Kind != TokenKind.Name)
            throw Fail("tag name expected");
        index++;
        return tag.Text switch
        {
            "if" => ParseIf(tag),
            "for" => ParseFor(tag),
            "set" => ParseSet(tag),
            "macro" or "test" or "data_test" or "materialization" => ParseMacro(tag),
            "call" => ParseCallBlock(tag),
            "filter" => ParseFilterBlock(tag),
            "with" => ParseWith(tag),
            "do" => ParseDo(tag),
            "print" => ParsePrint(),
            "break" or "continue" => ParseLoopControl(tag),
            "include" or "import" or "from" or "extends" or "block" or "autoescape" or "trans" or "debug" =>
                throw source.Error(tag.Start, $"the tag '{tag.Text}' is not supported: templates here have no loader; use a macro instead"),
            _ => throw source.Error(tag.Start, $"Encountered unknown tag '{tag.Text}'."),
        };
    }

    private IfStatement ParseIf(Token tag)
    {
        branchDepth++;
        var branches = new List<IfBranch>();
        IReadOnlyList<Statement> otherwise = [];
        var condition = ParseTuple(withCondition: false);
        while (true)
        {
            EndBlock();
            branches.Add(new IfBranch(condition, ParseBody(tag, "elif", "else", "endif")));
            if (SkipName("elif"))
            {
                condition = ParseTuple(withCondition: false);
                continue;
            }

            if (SkipName("else"))
            {
                EndBlock();
                otherwise = ParseBody(tag, "endif");
            }

            index++;
            EndBlock();
            branchDepth--;
            return At(tag, (line, column) => new IfStatement(branches, otherwise) { Line = line, Column = column });
        }
    }

    private ForStatement ParseFor(Token tag)
    {
        var target = ParseTarget(endName: "in");
        if (!SkipName("in"))
            throw Fail($"expected token 'in', got {Current.Describe()}");
        var items = ParseTuple(withCondition: false, endNames: ["recursive"]);
        var filter = SkipName("if") ? ParseExpression() : null;
        var recursive = SkipName("recursive");
        EndBlock();
        loopDepth++;
        var body = ParseBody(tag, "endfor", "else");
        loopDepth--;
        IReadOnlyList<Statement> otherwise = [];
        if (SkipName("else"))
        {
            EndBlock();
            otherwise = ParseBody(tag, "endfor");
        }

        index++;
        EndBlock();
        return At(tag, (line, column) => new ForStatement(target, items, filter, recursive, body, otherwise) { Line = line, Column = column });
    }

    private Statement ParseSet(Token tag)
    {
        var target = ParseTarget(withNamespace: true);
        if (Skip("="))
        {
            var value = ParseTuple();
            EndBlock();
            return At(tag, (line, column) => new SetStatement(target, value) { Line = line, Column = column });
        }

        var filters = new List<FilterExpression>();
        while (Skip("|"))
            filters.Add(ParseFilter(null));
        var body = ParseBlock(tag, "endset");
        return At(tag, (line, column) => new SetBlockStatement(target, filters, body) { Line = line, Column = column });
    }

    private CallBlockStatement ParseCallBlock(Token tag)
    {
        var parameters = Current.Is("(") ? ParseParameters() : [];
        var start = Current;
        if (ParseExpression() is not CallExpression call)
            throw source.Error(start.Start, "expected call");
        var body = ParseBlock(tag, "endcall");
        return At(tag, (line, column) => new CallBlockStatement(call, parameters, body) { Line = line, Column = column });
    }

    private FilterBlockStatement ParseFilterBlock(Token tag)
    {
        var filters = new List<FilterExpression> { ParseFilter(null) };
        while (Skip("|"))
            filters.Add(ParseFilter(null));
        var body = ParseBlock(tag, "endfilter");
        return At(tag, (line, column) => new FilterBlockStatement(filters, body) { Line = line, Column = column });
    }

    private WithStatement ParseWith(Token tag)
    {
        var assignments = new List<(Expression, Expression)>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0)
                Expect(",");
            var target = ParseTarget();
            Expect("=");
            assignments.Add((target, ParseExpression()));
        }

        var body = ParseBlock(tag, "endwith");
        return At(tag, (line, column) => new WithStatement(assignments, body) { Line = line, Column = column });
    }

    private DoStatement ParseDo(Token tag)
    {
        var value = ParseTuple();
        EndBlock();
        return At(tag, (line, column) => new DoStatement(value) { Line = line, Column = column });
    }

    private OutputStatement ParsePrint()
    {
        var start = Current;
        var values = new List<Expression>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
                Expect(",");
            values.Add(ParseExpression());
        }

        EndBlock();
        return At(start, (line, column) => new OutputStatement([.. values]) { Line = line, Column = column });
    }

    private LoopControlStatement ParseLoopControl(Token tag)
    {
        if (loopDepth == 0)
            throw source.Error(tag.Start, $"'{tag.Text}' outside a loop");
        EndBlock();
        return At(tag, (line, column) => new LoopControlStatement(tag.Text == "break") { Line = line, Column = column });
    }

    /// <summary>A name, <c>namespace.name</c>, or a tuple of them.</summary>
    private Expression ParseTarget(string? endName = null, bool withNamespace = false)
    {
        var start = Current;
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0)
                Expect(",");
            if (AtTupleEnd(endName is null ? [] : [endName]) || Current.Is("="))
                break;
            items.Add(ParseSingleTarget(withNamespace));
            if (!Current.Is(","))
                break;
            isTuple = true;
        }

        if (items.Count == 0)
            throw Fail($"expected a name to assign to, got {Current.Describe()}");
        return isTuple ? At(start, (line, column) => new TupleExpression(items) { Line = line, Column = column }) : items[0];
    }

    private Expression ParseSingleTarget(bool withNamespace)
    {
        if (Skip("("))
        {
            var inner = ParseTarget(null, withNamespace);
            Expect(")");
            return inner;
        }

        var name = Expect(TokenKind.Name);
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None")
            throw source.Error(name.Start, $"can't assign to '{name.Text}'");
        if (withNamespace && Skip("."))
        {
            var attribute = Expect(TokenKind.Name).Text;
            return At(name, (line, column) => new NamespaceTarget(name.Text, attribute) { Line = line, Column = column });
        }

        return At(name, (line, column) => new NameExpression(name.Text) { Line = line, Column = column });
    }
}
