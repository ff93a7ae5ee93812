using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Reminders.Commands;
using Reminders.Web.Console.Accounts;
using Reminders.Web.Console.Texts;
using Reminders.Words;

namespace Reminders.Web.Console;

/// <summary>Who looks at a page, and how they read it: language, zone, light or dark.</summary>
internal sealed class Visitor(ConsoleMapping mapping, IAntiforgery antiforgery)
{
    public const string LanguageCookie = "reminders.language";
    public const string ZoneCookie = "reminders.zone";
    public const string ThemeCookie = "reminders.theme";
    public static readonly string[] Themes = ["auto", "light", "dark"];
    private ConsoleWords? _words;
    private string? _language;
    private TimeZoneInfo? _zone;

    /// <summary>Set as the request comes in: the framework's accessor is filled in the app's container, and not in ours.</summary>
    public HttpContext Context { get; set; } = null!;

    private ClaimsPrincipal User => Context.User;

    public bool IsKnown => User.FindFirstValue(ConsoleClaims.Role) is not null;

    public string Name => User.Identity?.Name ?? "";

    public ConsoleRole Role => Enum.Parse<ConsoleRole>(User.FindFirstValue(ConsoleClaims.Role)!);

    public bool Operates => IsKnown && Role >= ConsoleRole.Operator;

    public bool Administers => IsKnown && Role >= ConsoleRole.Administrator;

    public long? Recruiter =>
        User.FindFirstValue(ConsoleClaims.Recruiter) is { } id && Role == ConsoleRole.Recruiter
            ? long.Parse(id, CultureInfo.InvariantCulture)
            : null;

    public bool HasOwnAccount => mapping.OwnAccounts;

    public string? Environment => mapping.Environment is { Length: > 0 } name ? name : null;

    public string EnvironmentColour => mapping.EnvironmentColour;

    /// <summary>Whether what has changed of the page is asked for, without its frame.</summary>
    public bool IsPart => Context.Request.Headers.ContainsKey(ConsolePages.PartHeader);

    /// <summary>Where the console is: every link begins with it.</summary>
    public string Base => Context.Request.PathBase.Value ?? "";

    public string Path => Context.Request.Path.Value ?? "/";

    /// <summary>This page with its question, to come back to.</summary>
    public string Here => Path + Context.Request.QueryString;

    public string Theme => Context.Request.Cookies[ThemeCookie] is { } theme && Themes.Contains(theme) ? theme : "auto";

    /// <summary>The engine's own words, with instants in the visitor's zone.</summary>
    public Wording Story => Words.Story.Showing(instant => Words.When(instant, Zone));

    /// <summary>Why the app's sign-in does not let them in, where it has said who they are.</summary>
    public Sentence? Refusal { get; private set; }

    /// <param name="language">As the app says theirs.</param>
    public void Refuse(Sentence why, string? language) => (Refusal, _language) = (why, language);

    /// <summary>Why something was not done; null where it was.</summary>
    public string? RefusalOf<T>(Outcome<T> outcome) =>
        outcome switch
        {
            Outcome<T>.Conflict conflict => Story.Reason(conflict.Why),
            Outcome<T>.NotFound missing => Story.Reason(missing.Why),
            Outcome<T>.Invalid invalid => string.Join(" ", invalid.In(Story).SelectMany(field => field.Value)),
            _ => null,
        };

    public ConsoleWords Words => _words ??= ConsoleWords.In(Language);

    public TimeZoneInfo Zone =>
        _zone ??= ZoneOf(Context.Request.Cookies[ZoneCookie]) ?? ZoneOf(User.FindFirstValue(ConsoleClaims.Zone)) ?? TimeZoneInfo.Utc;

    /// <summary>For a form; asked for before the page is begun.</summary>
    public string FormToken { get; private set; } = "";

    public void PrepareForms() => FormToken = antiforgery.GetAndStoreTokens(Context).RequestToken!;

    private string Language =>
        Known(Context.Request.Cookies[LanguageCookie]) ?? Known(User.FindFirstValue(ConsoleClaims.Language) ?? _language) ?? OfBrowser();

    private string OfBrowser() =>
        Context
            .Request.GetTypedHeaders()
            .AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => Known(language.Value.Value?.Split('-')[0].ToLowerInvariant()))
            .FirstOrDefault(language => language is not null)
        ?? ConsoleWords.Languages[0];

    private static string? Known(string? language) => ConsoleWords.Languages.Contains(language) ? language : null;

    public static TimeZoneInfo? ZoneOf(string? name) =>
        name is { Length: > 0 and <= 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}

internal static class VisitorOfRequest
{
    public static Texts.ConsoleWords Words(this HttpContext http) => ((Visitor)http.RequestServices.GetService(typeof(Visitor))!).Words;
}
