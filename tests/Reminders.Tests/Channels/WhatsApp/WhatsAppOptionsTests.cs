using Reminders.WhatsApp;

namespace Reminders.Tests.Channels.WhatsApp;

public sealed class WhatsAppOptionsTests
{
    [Fact]
    public void Without_settings_there_is_no_WhatsApp_and_nothing_is_wrong()
    {
        Assert.False(new WhatsAppOptions().IsOn);
        Assert.Empty(new WhatsAppOptions().Validate());
        Assert.Empty(Business.Options(new Uri("http://127.0.0.1:1/")).Validate());
    }

    [Fact]
    public void Half_of_the_settings_is_a_mistake_that_names_each_missing_one()
    {
        Assert.Equal(
            ["WhatsApp:AccessToken", "WhatsApp:AppSecret", "WhatsApp:VerifyToken"],
            new WhatsAppOptions { PhoneNumberId = "1555000" }
                .Validate()
                .Select(problem => problem.Split(' ')[0])
        );
        Assert.StartsWith(
            "WhatsApp:PhoneNumberId is missing while WhatsApp:AccessToken is set",
            Assert.Single(new WhatsAppOptions { AccessToken = "EAA" }.Validate())
        );
    }

    [Fact]
    public void A_secret_that_can_be_guessed_is_refused_by_its_length()
    {
        var options = Business.Options(new Uri("http://127.0.0.1:1/"));
        (options.AppSecret, options.VerifyToken) = ("fifteen-letters", "verify");
        Assert.Equal(
            ["WhatsApp:AppSecret has 15 characters", "WhatsApp:VerifyToken has 6 characters"],
            options.Validate().Select(problem => problem.Split(',')[0])
        );
        (options.AppSecret, options.VerifyToken) = ("sixteen-letters-", "sixteen-letters-");
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void A_wrong_setting_is_named_with_its_value_unless_it_is_a_secret()
    {
        var options = Business.Options(new Uri("http://127.0.0.1:1/"));
        (options.PhoneNumberId, options.AccessToken, options.Timeout, options.BaseUrl) = (
            "+1 555",
            "two words",
            TimeSpan.Zero,
            new Uri("ftp://user:secret@example.org/?key=secret")
        );
        var problems = string.Join('\n', options.Validate());
        Assert.Contains("WhatsApp:PhoneNumberId is '+1 555'", problems);
        Assert.Contains("WhatsApp:Timeout is 00:00:00", problems);
        Assert.Contains("WhatsApp:AccessToken has 9 characters", problems);
        Assert.Contains("WhatsApp:BaseUrl is 'ftp://example.org:21/…'", problems);
        Assert.DoesNotContain("secret@", problems);
        Assert.DoesNotContain("two words", problems);
    }
}
