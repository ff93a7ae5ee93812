using System.Text.Json.Nodes;

namespace Reminders.Integration.Tests.Web;

/// <summary>What came back.</summary>
public sealed record Reply(int Status, string? ContentType, string? Location, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>A problem of this status as RFC 9457 has it, and nothing of how the server is made.</summary>
    public JsonNode Problem(int status)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Text}");
        Assert.Equal("application/problem+json", ContentType);
        Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
        Assert.Equal(status, (int)Json["status"]!);
        return Json;
    }

    /// <summary>The wrong fields of a 400, in order.</summary>
    public string[] WrongFields() => [.. Problem(400)["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal)];
}
