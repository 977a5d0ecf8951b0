using Finks.Dbt.Project;
using Finks.Dbt.Rendering;

namespace Finks.Dbt.Loading;

/// <summary>Reads a project folder: macros first, then property files, then the nodes they describe.</summary>
internal sealed class ProjectLoader
{
    private static readonly (string Name, string Remedy)[] UnsupportedFiles =
    [
        ("packages.yml", "copy the macros you need into the project and remove the file"),
        ("dependencies.yml", "copy the macros you need into the project and remove the file"),
        ("dbt_packages", "copy the macros you need into the project and remove the folder"),
        ("vars.yml", "state the vars in dbt_project.yml"),
        (".dbtignore", "move the files it names out of the project"),
    ];

    private readonly ProjectFiles _files;
    private readonly ProjectEnvironment _environment;
    private readonly ProjectSettings _settings;
    private readonly ConfigReader _configs;
    private readonly List<string> _warnings = [];

    public ProjectLoader(string folder, ProjectOptions options)
    {
        _files = new ProjectFiles(folder);
        var settingsFile = Path.Combine(_files.Folder, ProjectSettings.FileName);
        if (!File.Exists(settingsFile))
            throw new DbtException($"the folder '{folder}' holds no {ProjectSettings.FileName}; give the folder of a dbt project");
        _settings = ProjectSettings.Read(File.ReadAllText(settingsFile));
        _environment = new ProjectEnvironment(_settings, options);
        _configs = new ConfigReader(_environment);
    }

    public Manifest Load()
    {
        RefuseUnsupportedFiles();
        new MacroLoader(_environment, _files).Load();
        string[] roots = [.. _settings.ModelPaths, .. _settings.SeedPaths, .. _settings.TestPaths, .. _settings.MacroPaths];
        var propertyFiles = _files.Find(roots, ".yml", ".yaml").Select(PropertyFile.Read).ToList();
        var nodes = LoadNodes(propertyFiles);
        var sources = LoadSources(propertyFiles);
        nodes.AddRange(LoadGenericTests(propertyFiles));
        var resolved = new ReferenceResolver(_environment, nodes, sources, _warnings).Resolve();
        return new Manifest(_environment, _files.Folder, resolved.Nodes, sources, resolved.Disabled, _warnings);
    }

    private List<ManifestNode> LoadNodes(List<PropertyFile> properties)
    {
        var sql = new SqlNodeLoader(_environment, _configs);
        var seeds = new SeedAndSourceLoader(_environment, _configs);
        var patches = new PropertyIndex(properties, _warnings);
        var nodes = new List<ManifestNode>();
        foreach (var file in _files.Find(_settings.ModelPaths, ".sql"))
            nodes.Add(sql.Load(file, ResourceType.Model, patches.Take(ResourceType.Model, file.Name)));
        foreach (var file in _files.Find(_settings.SeedPaths, ".csv"))
            nodes.Add(seeds.LoadSeed(file, patches.Take(ResourceType.Seed, file.Name)));
        foreach (var file in _files.Find(_settings.TestPaths, ".sql").Where(file => !MacroLoader.IsGenericTestFile(file)))
            nodes.Add(sql.Load(file, ResourceType.Test, patches.Take(ResourceType.Test, file.Name)));
        patches.WarnOfUnused();
        return nodes;
    }

    private List<SourceDefinition> LoadSources(List<PropertyFile> properties)
    {
        var loader = new SeedAndSourceLoader(_environment, _configs);
        var sources = properties.SelectMany(file => file.Sources.Select(table => loader.LoadSource(table, file.File))).ToList();
        foreach (var twice in sources.GroupBy(source => source.UniqueId, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            var (first, last) = (twice.First(), twice.Last());
            throw new DbtException($"the source table '{twice.Key}' is defined twice, also in {first.OriginalFilePath}:{first.Line}; keep one", last.OriginalFilePath, last.Line);
        }

        return sources;
    }

    private List<ManifestNode> LoadGenericTests(List<PropertyFile> properties)
    {
        var loader = new GenericTestLoader(_environment, _configs);
        var tests = new List<ManifestNode>();
        foreach (var file in properties)
        {
            foreach (var owner in file.Models.Concat(file.Seeds))
                tests.AddRange(loader.Load(file.File, owner, null));
            foreach (var table in file.Sources)
                tests.AddRange(loader.Load(file.File, table.Table, table.SourceName));
        }

        return tests;
    }

    private void RefuseUnsupportedFiles()
    {
        foreach (var (folder, feature) in ProjectSettings.UnsupportedFolders)
        {
            if (_files.Find([folder], ".sql", ".yml", ".yaml") is [var first, ..])
                throw new DbtException($"{feature} are not supported; remove the file", first.Path);
        }

        if (_files.Find(_settings.ModelPaths, ".py") is [var python, ..])
            throw new DbtException("Python models are not supported; write the model in SQL", python.Path);
        foreach (var (name, remedy) in UnsupportedFiles.Where(file => Path.Exists(Path.Combine(_files.Folder, file.Name))))
            throw new DbtException($"'{name}' is not supported; {remedy}", name);
    }
}
