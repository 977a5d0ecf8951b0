using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Finks.Orchestration;

/// <summary>A pipeline in plain C#: an asynchronous method that calls tasks. It may run again from its beginning, so all that has an effect stands
/// in a task or a subflow.</summary>
public abstract class Flow
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>As commands, servers and the ledger spell it.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence for people.</summary>
    public abstract string Description { get; }

    /// <summary>Attempts after the first, in the same process. Finished tasks are not run again.</summary>
    public virtual int Retries => 0;

    /// <summary>The pause before each retry.</summary>
    public virtual TimeSpan RetryDelay => TimeSpan.Zero;

    /// <summary>How long one attempt may take; null for no limit.</summary>
    public virtual TimeSpan? Timeout => null;

    /// <summary>The parameters as a JSON schema, in the form that Prefect's servers check and show.</summary>
    public abstract JsonObject ParameterSchema { get; }

    /// <summary>Checks parameters and gives them with defaults filled in.</summary>
    /// <exception cref="FlowParametersException">One is missing, unknown or of the wrong kind.</exception>
    public abstract JsonObject Complete(JsonObject parameters);

    /// <summary>What a completed task returned, from the form in which it is kept.</summary>
    public static T ReadResult<T>(string json) => JsonSerializer.Deserialize<T>(json, Json)!;

    internal abstract Task RunAsync(FlowContext context, JsonObject parameters);

    private protected static JsonObject Schema(Type parameters)
    {
        var schema = (JsonObject)Json.GetJsonSchemaAsNode(parameters, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe });
        var position = 0;
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (property is JsonObject described)
            {
                described["title"] = name;
                described["position"] = position;
            }

            position++;
        }

        schema["title"] = "Parameters";
        schema["type"] = "object";
        schema["definitions"] = new JsonObject();
        return schema;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var described = context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true).OfType<DescriptionAttribute>().FirstOrDefault();
        if (described is not null && schema is JsonObject named)
            named["description"] = described.Description;
        return schema;
    }
}

/// <summary>A flow whose parameters are a record. Properties without a default must be given.</summary>
public abstract class Flow<TParameters> : Flow
    where TParameters : class
{
    public sealed override JsonObject ParameterSchema => Schema(typeof(TParameters));

    public sealed override JsonObject Complete(JsonObject parameters) => Write(Read(parameters));

    /// <summary>Parameters as backends keep them.</summary>
    public static JsonObject Write(TParameters parameters) => (JsonObject)JsonSerializer.SerializeToNode(parameters, Json)!;

    internal sealed override Task RunAsync(FlowContext context, JsonObject parameters) => RunAsync(context, Read(parameters));

    /// <summary>The work.</summary>
    protected abstract Task RunAsync(FlowContext flow, TParameters parameters);

    private TParameters Read(JsonObject parameters)
    {
        try
        {
            return parameters.Deserialize<TParameters>(Json) ?? throw new JsonException("they are null");
        }
        catch (JsonException error)
        {
            throw new FlowParametersException($"The parameters of flow {Name} are wrong: {error.Message} Given: {parameters.ToJsonString()}", error);
        }
    }
}

/// <summary>The parameters of a flow are wrong. Nothing was begun.</summary>
public sealed class FlowParametersException(string message, Exception inner) : Exception(message, inner);
