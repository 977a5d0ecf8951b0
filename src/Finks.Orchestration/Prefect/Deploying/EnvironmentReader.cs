using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Finks.Contracts;
using Finks.Contracts.Reading;
using YamlDotNet.RepresentationModel;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>Reads the file of an environment, and finds all that is wrong with it at once.</summary>
public sealed partial class EnvironmentReader
{
    private readonly IReadOnlyList<Flow> _flows;
    private readonly Func<string, string?> _setting;
    private readonly bool _forServer;
    private readonly ProblemLog _problems;

    private EnvironmentReader(string file, IReadOnlyList<Flow> flows, Func<string, string?> setting, bool forServer) =>
        (_flows, _setting, _forServer, _problems) = (flows, setting, forServer, new ProblemLog(file));

    /// <summary>Reads a file.</summary>
    /// <param name="flows">Those that can be deployed; parameters are checked against them.</param>
    /// <param name="setting">Gives the value of an environment variable, or null: secrets come from there.</param>
    /// <param name="forServer">Whether deployments need a pool; a machine without a server has none.</param>
    /// <exception cref="EnvironmentFileException">Something is wrong with it.</exception>
    public static PrefectEnvironment Read(string file, IReadOnlyList<Flow> flows, Func<string, string?> setting, bool forServer = true) =>
        Read(File.ReadAllText(file), file, flows, setting, forServer);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <inheritdoc cref="Read(string, IReadOnlyList{Flow}, Func{string, string?}, bool)"/>
    public static PrefectEnvironment Read(string text, string file, IReadOnlyList<Flow> flows, Func<string, string?> setting, bool forServer = true)
    {
        var reader = new EnvironmentReader(file, flows, setting, forServer);
        try
        {
            var root = YamlFile.Root(text, reader._problems, "the environment", "Start with 'environment: dev'; one environment a file.");
            var environment = root is null ? null : reader.Environment(root);
            reader._problems.ThrowIfAny();
            return environment!;
        }
        catch (ContractException wrong)
        {
            throw new EnvironmentFileException([.. wrong.Problems.Select(p => p.ToString())]);
        }
    }

    private PrefectEnvironment Environment(MappingReader root)
    {
        root.CheckKeys(["environment", "pools", "deployments", "block_types", "blocks", "variables", "limits", "automations"]);
        var name = Named(root, "environment", Dashed(), "small letters, digits and dashes");
        var pools = root.Mappings("pools", n => $"pool {n}").Select(Pool).ToList();
        Unique(root, "pools", pools.Select(p => p.Name));
        var deployments = root.Mappings("deployments", n => $"deployment {n}").Select(d => Deployment(d, pools)).ToList();
        Unique(root, "deployments", deployments.Select(d => d.FullName));
        var types = root.Mappings("block_types", n => $"block type {n}").Select(BlockType).ToList();
        Unique(root, "block_types", types.Select(t => t.Slug));
        var blocks = root.Mappings("blocks", n => $"block {n}").Select(b => Block(b, types)).ToList();
        Unique(root, "blocks", blocks.Select(b => b.FullName));
        var variables = root.Mappings("variables", n => $"variable {n}").Select(Variable).ToList();
        Unique(root, "variables", variables.Select(v => v.Name));
        var limits = root.Mappings("limits", n => $"limit {n}").Select(Limit).ToList();
        Unique(root, "limits", limits.Select(l => l.Name));
        var all = deployments.Select(d => d.FullName).ToList();
        var automations = root.Mappings("automations", n => $"automation {n}").Select(a => Automation(a, all)).ToList();
        Unique(root, "automations", automations.Select(a => a.Name));
        return new PrefectEnvironment(name)
        {
            Pools = pools,
            Deployments = deployments,
            BlockTypes = types,
            Blocks = blocks,
            Variables = variables,
            Limits = limits,
            Automations = automations,
        };
    }

    private VariableSpec Variable(MappingReader reader)
    {
        reader.CheckKeys(["name", "value"]);
        if (!reader.Has("value"))
            _problems.Add(reader.Node, $"{reader.Subject} lacks the required key 'value'.", "Add 'value: …'.");
        var name = Named(reader, "name", VariableName(), "small letters, digits, dashes and underscores");
        return new VariableSpec(name, reader.Has("value") ? YamlJson.Of(reader.PlaceOf("value"), _problems) : null);
    }

    private LimitSpec Limit(MappingReader reader)
    {
        reader.CheckKeys(["name", "limit", "slot_decay_per_second"]);
        var decay = reader.Number("slot_decay_per_second") ?? 0;
        if (decay < 0)
            _problems.Add(reader.PlaceOf("slot_decay_per_second"), $"{reader.Subject}: 'slot_decay_per_second' is {decay}.",
                "Write 0 or more.");
        return new LimitSpec(Named(reader, "name"), Count(reader, "limit", 0, required: true) ?? 0, decay);
    }

    /// <summary>A name that the server takes; empty, with the problem logged, for another.</summary>
    private string Named(MappingReader reader, string key, Regex? form = null, string words = "text without / % & < >")
    {
        var name = reader.Text(key, required: true);
        if (name is null || (form ?? ServerName()).IsMatch(name))
            return name ?? "";
        _problems.Add(reader.PlaceOf(key), $"{reader.Subject}: '{key}' is '{name}'.", $"Write {words}.");
        return "";
    }

    private int? Count(MappingReader reader, string key, int least, bool required = false)
    {
        if (required && !reader.Has(key))
            _problems.Add(reader.Node, $"{reader.Subject} lacks the required key '{key}'.", $"Add '{key}: …'.");
        if (reader.Integer(key) is not { } number)
            return null;
        if (number < least)
            _problems.Add(reader.PlaceOf(key), $"{reader.Subject}: '{key}' is {number}.", $"Write a whole number of at least {least}.");
        return number;
    }

    private JsonObject Json(MappingReader reader, string key) =>
        reader.Mapping(key, $"'{key}' of {reader.Subject}") is { Node: YamlMappingNode mapping } ? YamlJson.Mapping(mapping, _problems)
            : [];

    /// <summary>The name of another entry of the file; null, with the problem logged, when there is none.</summary>
    private string? Reference(MappingReader reader, string key, string what, IReadOnlyCollection<string> known)
    {
        var name = reader.Text(key, required: true);
        if (name is null || known.Contains(name))
            return name;
        Dangling(reader.PlaceOf(key), reader.Subject, what, name, known);
        return null;
    }

    private void Dangling(YamlNode place, string subject, string what, string name, IReadOnlyCollection<string> known) => _problems.Add(
        place, $"{subject} names the {what} '{name}', which is not there.",
        known.Count == 0 ? $"Add the {what}." : NearestName.Advice(name, known));

    private void Unique(MappingReader root, string key, IEnumerable<string> names)
    {
        foreach (var twice in names.Where(n => n.Length > 0).GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1))
            _problems.Add(root.PlaceOf(key), $"{root.Subject}: '{twice.Key}' is {twice.Count()} times in '{key}'.",
                "Keep one, or give another name.");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex Dashed();

    [GeneratedRegex("^[a-z0-9_-]{1,255}$")]
    private static partial Regex VariableName();

    [GeneratedRegex("^[^/%&><]+$")]
    private static partial Regex ServerName();
}
