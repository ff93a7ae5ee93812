using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>A form that is not taken, as its session is over or it is too old, does nothing and loses nothing of what was typed.</summary>
public sealed class KeptForms(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private const string Typed = "The text is wrong — Ошибка в тексте";
    private const string Submit = "main form[method=post] button[type=submit]";

    [Fact]
    public async Task Where_the_session_ended_in_the_middle_of_a_form_it_is_there_again_after_the_sign_in()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-over");
        await olga.GoAsync("/console/kinds/CONFIRM_2H/pause");
        await nodes.First.ScalarAsync<string>(
            "UPDATE reminders.account SET stamp = gen_random_uuid() WHERE login = 'olga-over' RETURNING login"
        );

        await olga.SubmitAsync(Submit, ("reason", Typed));
        Assert.StartsWith("/console/sign-in?to=", olga.Path, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", olga.Path, StringComparison.Ordinal);
        // At the other node, which has only the cluster's keys in common.
        olga.Switch(nodes.SecondAddress);
        await olga.SubmitAsync("main button", ("login", "olga-over"), ("password", ConsoleNodes.Password));
        Assert.StartsWith("/console/kinds/CONFIRM_2H/pause", olga.Path, StringComparison.Ordinal);
        Assert.Equal(Typed, olga.Find("#reason").TextContent);
        Assert.Equal(0, await PausesAsync());

        await olga.SubmitAsync(Submit);
        Assert.Contains("Paused.", olga.Text, StringComparison.Ordinal);
        Assert.Equal(1, await PausesAsync());
        await nodes.First.ScalarAsync<string>("DELETE FROM reminders.kind_pause RETURNING kind");
    }

    [Theory]
    [InlineData("en", "Nothing was done, and what you typed is kept.")]
    [InlineData("ru", "Ничего не сделано, а введённое сохранено.")]
    public async Task A_form_that_is_too_old_says_so_and_leads_to_one_with_what_was_typed(string language, string says)
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, $"olga-old-{language}", language: language);
        await olga.GoAsync("/console/kinds/CONFIRM_2H/pause");
        await olga.SubmitAsync(Submit, ("reason", Typed), ("__RequestVerificationToken", "of another time"));
        Assert.Equal(400, olga.Status);
        Assert.Contains(says, olga.Text, StringComparison.Ordinal);
        Assert.Equal(0, await PausesAsync());
        await olga.FollowAsync("main a.main");
        Assert.Equal(Typed, olga.Find("#reason").TextContent);
        Assert.Equal(0, await PausesAsync());
    }

    [Fact]
    public async Task Who_a_slot_is_given_to_is_kept_and_stands_in_no_address()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-gives");
        var booking = await nodes.First.BookAsync();
        await olga.GoAsync($"/console/bookings/{booking}/give");
        await olga.SubmitAsync(
            "main form[method=post] button[type=submit]",
            ("reference", "boris-1"),
            ("name", "Boris"),
            ("__RequestVerificationToken", "of another time")
        );
        Assert.Equal(400, olga.Status);
        var on = olga.Find("main a.main").GetAttribute("href")!;
        Assert.DoesNotContain("boris", on, StringComparison.OrdinalIgnoreCase);
        await olga.GoAsync(on);
        Assert.Equal("Boris", olga.Find("[name=name]").GetAttribute("value"));

        // What nobody sealed, or somebody changed, is nothing.
        await olga.GoAsync(on[..^4] + "AAAA");
        Assert.Equal(200, olga.Status);
        Assert.Equal("", olga.Find("[name=name]").GetAttribute("value") ?? "");
    }

    private Task<long> PausesAsync() => nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.kind_pause");
}
