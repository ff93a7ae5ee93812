using Reminders.Settings;

namespace Reminders.Tests.Storage;

/// <summary>A host may have 64 letters, and a name in a setting any number of any.</summary>
public sealed class NodeNameTests
{
    [Theory]
    [InlineData("web1", "web1")]
    [InlineData("  web1\t", "web1")]
    [InlineData("räksmörgås-日本", "räksmörgås-日本")]
    [InlineData("a\0b\nc", "a b c")]
    public void A_name_is_kept_with_a_suffix_of_its_own(string name, string begins)
    {
        Assert.Matches($"^{begins}-[0-9a-f]{{6}}$", new NodeName(name).Value);
        Assert.NotEqual(new NodeName(name), new NodeName(name));
    }

    [Theory]
    [InlineData('h', 63)]
    [InlineData('h', 64)]
    [InlineData('日', 63)]
    [InlineData('h', 5000)]
    public void A_long_one_is_cut_and_still_tells_processes_apart(char letter, int length)
    {
        var name = new string(letter, length);
        Assert.InRange(new NodeName(name).Value.Length, 60, 68);
        Assert.NotEqual(new NodeName(name), new NodeName(name));
    }

    [Fact]
    public void None_at_all_is_named_as_a_setting() =>
        Assert.StartsWith("NodeName is empty", Assert.Single(new RemindersOptions { NodeName = " " }.Problems()), StringComparison.Ordinal);
}
