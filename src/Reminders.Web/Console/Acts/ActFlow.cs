using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using Reminders.Commands;
using Reminders.Outbox.Operators;
using Reminders.Words;

namespace Reminders.Web.Console.Acts;

/// <summary>
/// The way of every act: a page that says what it would do, and a form that does it. Where nothing was done, the page comes again: as it
/// is now, with what was typed.
/// </summary>
internal sealed class ActFlow(Rehearsal rehearsal, IMediator mediator, Caller caller, Visitor visitor, Meanwhile meanwhile)
{
    /// <summary>Its page is got, and its form is posted to the same address.</summary>
    public static readonly string[] Verbs = [HttpMethods.Get, HttpMethods.Post];

    /// <param name="find">Looks the act up, by what was typed; null where there is no such thing.</param>
    public Task<IResult> RunAsync<T>(HttpContext http, Func<Task<Act<T>?>> find)
    {
        if (HttpMethods.IsPost(http.Request.Method) && !http.Request.Form.ContainsKey(ActPage.LookField))
        {
            return DoAsync(http, find);
        }

        // Only asked what it would do.
        caller.IdempotencyKey = null;
        return ShowAsync(http, find, problem: null, StatusCodes.Status200OK);
    }

    private async Task<IResult> DoAsync<T>(HttpContext http, Func<Task<Act<T>?>> find)
    {
        if (await find() is not { } act)
        {
            return Results.NotFound();
        }

        if (Problem(act, http.Request.Form) is { } problem)
        {
            return await AgainAsync(problem, StatusCodes.Status422UnprocessableEntity);
        }

        caller.SeenRevision =
            act.Seen is null ? null
            : int.TryParse(http.Request.Form["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen
            : 0;
        try
        {
            var outcome = await mediator.Send(act.Command!, http.RequestAborted);
            return outcome switch
            {
                Outcome<T>.Done done => http.SeeOther(act.Then?.Invoke(done.Value) ?? act.Of, act.Name),
                Outcome<T>.NotFound => Results.NotFound(),
                _ => await AgainAsync(visitor.RefusalOf(outcome)!, StatusCodes.Status409Conflict),
            };
        }
        catch (ChangedMeanwhileException changed)
        {
            var action = (act.Command as IAudited)?.Action ?? act.Name;
            var last = await meanwhile.RecordAsync(action, changed.About, Reasons.Of("changed_meanwhile"), http.RequestAborted);
            return await AgainAsync(visitor.Words.ChangedMeanwhile(last, visitor.Zone), StatusCodes.Status409Conflict);
        }

        Task<IResult> AgainAsync(string why, int status)
        {
            // As it is now: what was seen before does not count for what is shown next.
            (caller.SeenRevision, caller.IdempotencyKey) = (null, null);
            return ShowAsync(http, find, why, status);
        }
    }

    private async Task<IResult> ShowAsync<T>(HttpContext http, Func<Task<Act<T>?>> find, string? problem, int status)
    {
        if (await find() is not { } act)
        {
            return Results.NotFound();
        }

        var rehearsed =
            act.Untried is { } known ? Rehearsed.Untried(known)
            : (act.Trial ?? act.Command) is { } tried ? await rehearsal.RunAsync(tried, act.Subject, act.Foresee, http.RequestAborted)
            : null;
        return http.Show<ActPage, ActShown>(
            act.Title,
            act.Entry,
            new(
                act.Name,
                act.Of,
                act.Form,
                act.What,
                rehearsed,
                problem ?? act.Problem,
                act.Seen?.ToString(CultureInfo.InvariantCulture) ?? "",
                act.Reason,
                act.Fields,
                act.IsPersonal,
                act.Number,
                Guid.NewGuid().ToString("N")
            ),
            status
        );
    }

    /// <summary>What is wrong with what was typed.</summary>
    private string? Problem<T>(Act<T> act, IFormCollection form) =>
        act.Problem is { } typed ? typed
        : act.Command is null ? visitor.Words.StartWrong
        : act.Number is { } number && form["number"].ToString().Trim() != number.ToString(CultureInfo.InvariantCulture)
            ? visitor.Words.NumberWrong(number)
        : act.Reason is { } reason && OperatorDesk.Check(reason).Count > 0 ? visitor.Words.ReasonMissing
        : null;
}

/// <summary>What was typed into an act's page, by whichever form.</summary>
internal static class Typed
{
    /// <summary>As a browser's own field has it, and as people type.</summary>
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm"];

    public static string In(HttpContext http, string field) => IsByForm(http) ? ByForm(http, field) : http.Request.Query[field].ToString();

    /// <summary>The same where the address has fields of its own.</summary>
    public static string ByForm(HttpContext http, string field) =>
        HttpMethods.IsPost(http.Request.Method)
            ? http.Request.Form[field].ToString()
            : http.Features.Get<TypedBefore>()?.Fields.GetValueOrDefault(field) ?? "";

    /// <summary>Whether it was posted, now or before this page.</summary>
    public static bool IsByForm(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) || http.Features.Get<TypedBefore>() is not null;

    /// <summary>Null where that is no time in <paramref name="zone"/>.</summary>
    public static DateTimeOffset? Instant(string typed, TimeZoneInfo zone) =>
        DateTime.TryParseExact(typed, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
        && local.Year is > 1970 and < 9000
        && !zone.IsInvalidTime(local)
            ? new DateTimeOffset(local, zone.GetUtcOffset(local))
            : null;
}
