using Reminders.Kinds;

namespace Reminders.Tests.Channels;

/// <summary>One template serves text and HTML: nothing a person wrote becomes markup, and links can be followed.</summary>
public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("One\nTwo\n\nThree", "<p>One<br>\nTwo</p>\n<p>Three</p>")]
    [InlineData("<script>alert(1)</script> & \"quotes\"", "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;</p>")]
    [InlineData(
        "See https://shop.example.com/cart?a=1&b=2.",
        "<p>See <a href=\"https://shop.example.com/cart?a=1&amp;b=2\">https://shop.example.com/cart?a=1&amp;b=2</a>.</p>"
    )]
    [InlineData(
        "https://x.example/\"onclick=alert(1)",
        "<p><a href=\"https://x.example/\">https://x.example/</a>&quot;onclick=alert(1)</p>"
    )]
    [InlineData("javascript:alert(1)", "<p>javascript:alert(1)</p>")]
    public void A_text_is_shown_as_it_was_written(string text, string body)
    {
        var html = HtmlText.Of(text);
        Assert.Equal(
            body,
            html[(html.IndexOf("<body>", StringComparison.Ordinal) + 7)..html.IndexOf("\n</body>", StringComparison.Ordinal)]
        );
    }
}
