using Reminders.Channels;

namespace Reminders.Tests.Channels;

public sealed class OutsideTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("Bad Request: chat not found", "Bad Request: chat not found")]
    [InlineData("a\0b\u001b[31mc\r\nd\u2028e", "a b [31mc  d e")]
    [InlineData("pair \ud83d\ude00", "pair \ud83d\ude00")]
    public void Nothing_stays_that_a_table_a_terminal_or_a_log_line_would_choke_on(string? given, string kept) =>
        Assert.Equal(kept, OutsideText.Clean(given));

    /// <summary>Not an attribute's argument: those are UTF-8, which cannot hold one.</summary>
    [Fact]
    public void A_lone_surrogate_is_replaced() => Assert.Equal("lone \ufffd surrogate", OutsideText.Clean("lone \ud83d surrogate"));

    [Fact]
    public void A_long_text_is_cut_between_characters_and_says_so()
    {
        Assert.Equal("1234…", OutsideText.Clean("123456", 5));
        Assert.Equal("123…", OutsideText.Clean("123\ud83d\ude00456", 5));
        Assert.Equal(OutsideText.Detail, OutsideText.Clean(new string('x', 10_000_000)).Length);
        Assert.Equal("12345", OutsideText.Clean("12345", 5));
    }
}
