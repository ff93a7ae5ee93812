using System.Globalization;
using System.Net;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>A recruiter at the console: what is said before is what happens, once, on whichever node.</summary>
public sealed class ActingOnBookings(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    [Fact]
    public async Task What_approving_would_do_is_said_and_done_once_however_often_it_is_pressed_and_on_whichever_node()
    {
        var id = await nodes.First.BookAsync("Anna");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-approves");
        await olga.GoAsync($"/console/bookings/{id}");
        await olga.FollowAsync($"a[href='/console/bookings/{id}/approve']");
        Assert.Contains("Anna gets one message on", olga.Text, StringComparison.Ordinal);
        Assert.Contains("Rita gets one message on", olga.Text, StringComparison.Ordinal);
        // Said, and not done.
        Assert.Equal(
            0L,
            await nodes.First.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.occurrence WHERE subject_id = (SELECT id FROM reminders.subject WHERE key = $1)",
                id
            )
        );
        Assert.Equal("proposed", await StatusAsync(id));

        // The page is of one node, and its form goes to the other.
        olga.Switch(nodes.SecondAddress);
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => olga.SendOnlyAsync(olga.Form("main form button"))));
        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.SeeOther, reply.StatusCode));
        Assert.Equal("approved", await StatusAsync(id));
        Assert.Equal(
            1L,
            await nodes.First.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H' AND subject_id = (SELECT id FROM reminders.subject WHERE key = $1)",
                id
            )
        );
        Assert.Equal(
            0L,
            await nodes.First.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.suppression s JOIN reminders.occurrence o ON o.id = s.occurrence_id WHERE o.subject_id = (SELECT id FROM reminders.subject WHERE key = $1)",
                id
            )
        );
        await olga.GoAsync($"/console/bookings/{id}/approve");
        Assert.Contains("It is so already", olga.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing is sent", olga.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_made_before_somebody_else_changed_it_does_nothing_and_keeps_what_was_typed()
    {
        var id = await nodes.First.BookAsync("Bella");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-late");
        var start = TimeProvider.System.GetUtcNow().AddDays(5).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        await olga.GoAsync($"/console/bookings/{id}/move");
        await olga.SubmitAsync("main form button", ("start", start));
        Assert.Equal(200, olga.Status);
        Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{id}/approve")).Status);
        await olga.SubmitAsync("main form button");
        Assert.Equal(409, olga.Status);
        Assert.Matches("changed after this page was made, on .* by booking-app, so nothing was done", olga.Find("#problem").TextContent);
        Assert.Equal(start, olga.Find("input[name=start]").GetAttribute("value"));
        Assert.Contains("is dropped", olga.Text, StringComparison.Ordinal);
        // And now it is seen as it is.
        await olga.SubmitAsync("main form button");
        Assert.Equal(200, olga.Status);
        Assert.Contains("Moved.", olga.Text, StringComparison.Ordinal);
        Assert.Equal(
            "api:booking-app booking.approve|console:olga-late booking.move refused|console:olga-late booking.move",
            await nodes.First.ScalarAsync<string>(
                "SELECT string_agg(actor || ' ' || action || CASE WHEN refused THEN ' refused' ELSE '' END, '|' ORDER BY id) "
                    + "FROM reminders.audit WHERE about = $1",
                $"booking {id}"
            )
        );
    }

    [Fact]
    public async Task What_was_refused_is_on_record_whoever_asked_and_a_rehearsal_is_not()
    {
        var id = await nodes.First.BookAsync("Cilla");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-refused");
        await olga.GoAsync($"/console/bookings/{id}/again");
        Assert.Contains("It would be refused", olga.Text, StringComparison.Ordinal);
        (await nodes.First.PostAsync($"/api/bookings/{id}/ask-again")).Problem(409);
        (await nodes.First.PostAsync($"/api/bookings/{Guid.Empty}/cancel")).Problem(404);
        Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{id}/cancel")).Status);
        var start = $"{TimeProvider.System.GetUtcNow().AddDays(9):O}";
        (await nodes.First.PostAsync($"/api/bookings/{id}/move", $$"""{"startsAt":"{{start}}"}""")).Problem(409);
        Assert.Equal(
            "booking.ask_again!|booking.cancel|booking.move!",
            await nodes.First.ScalarAsync<string>(
                "SELECT string_agg(action || CASE WHEN refused THEN '!' ELSE '' END, '|' ORDER BY id) FROM reminders.audit "
                    + "WHERE about = $1",
                $"booking {id}"
            )
        );
        Assert.Equal(
            1,
            await nodes.First.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.audit WHERE refused AND about = $1",
                $"booking {Guid.Empty}"
            )
        );
    }

    [Fact]
    public async Task Whoever_declined_is_asked_again_and_a_slot_is_given_to_somebody_else_by_what_is_typed_and_in_no_address()
    {
        var id = await nodes.First.BookAsync("Clara", 2_001);
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-again");
        Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{id}/approve")).Status);
        Assert.Equal(
            200,
            (await nodes.First.PostAsync($"/api/bookings/{id}/answer", """{"answer":"decline","by":"Rita","how":"phone"}""")).Status
        );
        await olga.GoAsync($"/console/bookings/{id}");
        await olga.FollowAsync($"a[href='/console/bookings/{id}/again']");
        Assert.Contains("Clara gets one message on", olga.Text, StringComparison.Ordinal);
        await olga.SubmitAsync("main form button");
        Assert.Contains("Asked again.", olga.Text, StringComparison.Ordinal);
        Assert.Equal("approved", await StatusAsync(id));

        await olga.FollowAsync($"a[href='/console/bookings/{id}/give']");
        // Nothing typed, and then something wrong.
        await olga.SubmitAsync("main form button", ("name", "Dora"), ("zone", "Mars/Olympus"));
        Assert.Contains("It would be refused: candidate.zone", olga.Text, StringComparison.Ordinal);
        Assert.Equal("Clara", await CandidateAsync());
        await olga.GoAsync($"/console/bookings/{id}/give");
        await olga.SubmitAsync("main form button", ("name", "Dora"), ("chat", "2002"));
        Assert.DoesNotContain("Dora", olga.Path, StringComparison.Ordinal);
        Assert.Contains("Dora gets one message on", olga.Text, StringComparison.Ordinal);
        Assert.Contains("to Clara", olga.Text, StringComparison.Ordinal);
        Assert.Equal("Clara", await CandidateAsync());
        await olga.SubmitAsync("main form[method=post]:last-of-type button");
        Assert.Contains("Given to somebody else.", olga.Text, StringComparison.Ordinal);
        Assert.Equal("Dora", await CandidateAsync());

        Task<string> CandidateAsync() =>
            nodes.First.ScalarAsync<string>(
                """
                SELECT r.name FROM reminders.subject s JOIN reminders.party p ON p.subject_id = s.id AND p.role = 'candidate'
                JOIN reminders.recipient r ON r.id = p.recipient_id WHERE s.key = $1
                """,
                id
            );
    }

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("2020-01-01T10:00")]
    [InlineData("9999-12-31T23:59")]
    public async Task A_start_that_is_none_or_past_is_said_to_be_so(string start)
    {
        var id = await nodes.First.BookAsync("Clara");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, $"olga-{Guid.NewGuid():N}");
        await olga.GoAsync($"/console/bookings/{id}/move?start={Uri.EscapeDataString(start)}");
        Assert.Equal(200, olga.Status);
        Assert.True(
            olga.Page.QuerySelector("#start") is not null || olga.Text.Contains("would be refused", StringComparison.Ordinal),
            olga.Text
        );
        Assert.Equal("proposed", await StatusAsync(id));
    }

    [Fact]
    public async Task The_story_is_told_in_the_language_of_the_browser()
    {
        var id = await nodes.First.BookAsync("Дарья");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-ru", language: "ru-RU,ru;q=0.9");
        await olga.GoAsync($"/console/bookings/{id}/approve");
        Assert.Equal("ru", olga.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("Дарья: одно сообщение", olga.Text, StringComparison.Ordinal);
        await olga.SubmitAsync("footer button[name=language]");
        Assert.Equal("en", olga.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("Дарья gets one message", olga.Text, StringComparison.Ordinal);
    }

    private Task<string> StatusAsync(string id) =>
        nodes.First.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", id);
}
