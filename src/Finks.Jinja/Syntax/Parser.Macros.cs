namespace Finks.Jinja;

/// <content>The blocks that define macros, tests and materializations.</content>
internal sealed partial class Parser
{
    private MacroStatement ParseMacro(Token tag)
    {
        var opener = tokens[index - 2].Start;
        var blockName = Expect(TokenKind.Name).Text;
        string? adapter = null;
        var settings = new Dictionary<string, object?>();
        IReadOnlyList<MacroParameter> parameters = [];
        if (tag.Text == "materialization")
            adapter = ParseMaterializationSettings(settings);
        else
            parameters = ParseParameters();
        var (kind, name) = tag.Text switch
        {
            "macro" => (MacroKind.Macro, blockName),
            "materialization" => (MacroKind.Materialization, $"materialization_{blockName}_{adapter}"),
            _ => (MacroKind.Test, "test_" + blockName),
        };
        var outerLoops = loopDepth;
        loopDepth = 0;
        var body = ParseMacroBody(tag);
        loopDepth = outerLoops;
        var statement = At(tag, (line, column) => new MacroStatement { Line = line, Column = column });
        statement.Definition = new MacroDefinition(statement, name, kind, blockName, parameters, body)
        {
            Adapter = adapter,
            Settings = settings,
            Source = source.Text[opener..tokens[index - 1].End],
        };
        return statement;
    }

    private List<Statement> ParseMacroBody(Token tag)
    {
        EndBlock();
        // dbt ends a {% data_test %} with either name.
        var body = tag.Text == "data_test" ? ParseBody(tag, "enddata_test", "endtest") : ParseBody(tag, "end" + tag.Text);
        index++;
        EndBlock();
        return body;
    }

    private List<MacroParameter> ParseParameters()
    {
        Expect("(");
        var parameters = new List<MacroParameter>();
        while (!Current.Is(")"))
        {
            if (parameters.Count > 0)
                Expect(",");
            if (Current.Is(")"))
                break;
            var name = Expect(TokenKind.Name).Text;
            var annotation = Skip(":") ? ParseAnnotation() : null;
            var fallback = Skip("=") ? ParseExpression() : null;
            if (fallback is null && parameters.Count > 0 && parameters[^1].Default is not null)
                throw Fail("non-default argument follows default argument");
            parameters.Add(new MacroParameter(name, fallback, annotation));
        }

        Expect(")");
        return parameters;
    }

    private string ParseAnnotation()
    {
        var annotation = Expect(TokenKind.Name).Text;
        if (!Skip("["))
            return annotation;
        var inner = new List<string> { ParseAnnotation() };
        while (Skip(","))
            inner.Add(ParseAnnotation());
        Expect("]");
        return $"{annotation}[{string.Join(", ", inner)}]";
    }

    /// <summary>Reads <c>, default</c>, <c>, adapter='x'</c> and other settings; returns the adapter.</summary>
    private string ParseMaterializationSettings(Dictionary<string, object?> settings)
    {
        var adapter = "default";
        while (Skip(","))
        {
            var name = Expect(TokenKind.Name);
            if (name.Text == "default" && !Current.Is("="))
                continue;
            Expect("=");
            var value = ParseExpression();
            var constant = value.Evaluate(new Frame(new Execution(environment, source.File, CallArguments.NoKeywords) { Current = value }));
            if (name.Text == "adapter")
                adapter = PyValue.Str(constant);
            else
                settings[name.Text] = constant;
        }

        return adapter;
    }
}
