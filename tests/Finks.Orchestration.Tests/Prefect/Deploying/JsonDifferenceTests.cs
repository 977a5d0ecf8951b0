using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Deploying;

namespace Finks.Orchestration.Tests.Prefect.Deploying;

public sealed class JsonDifferenceTests
{
    [Theory]
    [InlineData("""{"a":{"x":1,"y":[1.0,"b"]}}""", """{"a":{"y":[1,"b"],"x":1.00},"more":2}""")]
    [InlineData("""{"a":null}""", """{}""")]
    [InlineData("""{"tags":["a","b"]}""", """{"tags":["b","a"]}""")]
    [InlineData("""{"schedule":{"anchor_date":"1970-01-01T00:00:00Z"}}""", """{"schedule":{"anchor_date":"1970-01-01T01:00:00+01:00","timezone":"UTC"}}""")]
    public void The_same_value_in_another_spelling_is_no_difference(string wanted, string found) => Assert.Empty(Between(wanted, found));

    [Theory]
    [InlineData("""{"a":{"x":1}}""", """{"a":{"x":1,"y":2}}""", "a.y: 2 → none")]
    [InlineData("""{"a":["x","y"]}""", """{"a":["y","x"]}""", "a[0]: \"y\" → \"x\"")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", "a: 1 → \"1\"")]
    [InlineData("""{"a":[]}""", """{"a":[1]}""", "a: [1] → []")]
    [InlineData("""{"a":"2026-01-01"}""", """{"a":"2026-01-01T00:00:00Z"}""", "a: \"2026-01-01T00:00:00Z\" → \"2026-01-01\"")]
    [InlineData("""{"trigger":{"within":9}}""", """{"trigger":{"within":8,"id":"x"}}""", "trigger.within: 8 → 9")]
    public void Another_value_is_told_with_its_place(string wanted, string found, string difference) =>
        Assert.Equal(difference, Between(wanted, found)[0].ToString());

    private static IReadOnlyList<FieldChange> Between(string wanted, string found) =>
        JsonDifference.Between(JsonNode.Parse(wanted)!.AsObject(), JsonNode.Parse(found)!.AsObject());
}
