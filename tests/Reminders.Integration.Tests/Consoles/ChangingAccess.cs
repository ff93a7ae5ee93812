using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>An administrator makes and revokes keys, and shuts accounts: who loses what is said before.</summary>
public sealed class ChangingAccess(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    [Fact]
    public async Task A_key_is_shown_once_works_at_once_and_is_refused_everywhere_as_soon_as_it_is_revoked()
    {
        using var ada = await nodes.SignInAsync(ConsoleRole.Administrator, "ada-keys");
        await ada.GoAsync("/console/keys");
        await ada.SubmitAsync("form[action$='/keys/create'] button", ("name", "crm / <b>1</b>"), ("owner", "crm"), ("days", "soon"));
        Assert.Equal(422, ada.Status);
        Assert.Equal("crm / <b>1</b>", ada.Find("#name").GetAttribute("value"));
        await ada.SubmitAsync("form[action$='/keys/create'] button", ("days", "90"));
        var key = ada.Find(".secret").TextContent;
        await ada.GoAsync("/console/keys");
        Assert.DoesNotContain(key, ada.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await nodes.First.GetAsync("/api/bookings", key)).Status);

        await ada.FollowAsync("a[href*='/keys/revoke?name=crm']");
        Assert.Contains(
            "is refused from the next request on, on every node, and for good. It was last used",
            ada.Text,
            StringComparison.Ordinal
        );
        // Only asked: it is good still.
        Assert.Equal(200, (await nodes.First.GetAsync("/api/bookings", key)).Status);
        await ada.SubmitAsync("main form[method=post] button.main");
        Assert.Contains("Revoked.", ada.Text, StringComparison.Ordinal);
        Assert.Equal(401, (await nodes.First.GetAsync("/api/bookings", key)).Status);
        Assert.Equal(
            "key.create|key.revoke",
            await nodes.First.ScalarAsync<string>(
                """
                SELECT string_agg(action, '|' ORDER BY id) FROM reminders.audit
                WHERE about = 'key crm / <b>1</b>' AND actor = 'console:ada-keys' AND NOT refused
                """
            )
        );
    }

    [Fact]
    public async Task Whoever_is_shut_out_is_out_on_the_other_node_and_the_last_administrator_stays()
    {
        using var ada = await nodes.SignInAsync(ConsoleRole.Administrator, "ada-shuts");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-out");
        await ada.GoAsync("/console/accounts");
        await ada.FollowAsync("a[href$='/accounts/change/disable?login=olga-out']");
        Assert.Contains("Their sessions end at once, on every node.", ada.Text, StringComparison.Ordinal);
        await ada.SubmitAsync("main form[method=post] button.main");
        Assert.Contains("Disabled.", ada.Text, StringComparison.Ordinal);
        olga.Switch(nodes.SecondAddress);
        await olga.GoAsync("/console/overview");
        Assert.StartsWith("/console/sign-in", olga.Path, StringComparison.Ordinal);

        await nodes.First.ScalarAsync<long>(
            """
            WITH others AS (
                UPDATE reminders.account SET disabled_at = now() WHERE role = 'administrator' AND login <> 'ada-shuts' RETURNING 1)
            SELECT count(*) FROM others
            """
        );
        await ada.GoAsync("/console/accounts/change/disable?login=ada-shuts");
        Assert.Contains("Nobody would be left who may change accounts.", ada.Text, StringComparison.Ordinal);
        await ada.GoAsync("/console/accounts/change/burn?login=ada-shuts");
        Assert.Equal(404, ada.Status);
    }
}
