using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Reminders.Web.Console.Acts;

namespace Reminders.Web.Console;

/// <summary>
/// What was typed into an act's form that was not taken, as its session was over or the form too old. It stands in the address of the
/// act's page, sealed by the cluster's keys, for it may be about a person, and is in the page's fields again whoever answers next.
/// </summary>
internal sealed class Kept(IDataProtectionProvider protection)
{
    private const string Field = "kept";
    private const int MostBytes = 2500;
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    // Of this form alone: the next has its own.
    private static readonly string[] NotTyped = ["__RequestVerificationToken", ConsolePages.OnceField, ActPage.LookField, "seen", "number"];

    private readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("Reminders.Console.Kept").ToTimeLimitedDataProtector();

    /// <returns>The act's page, below the console's prefix; null where it is no form of an act's, or there is too much of it.</returns>
    public async Task<string?> AddressAsync(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType || !IsAct(http.GetEndpoint()))
        {
            return null;
        }

        var form = await request.ReadFormAsync(http.RequestAborted);
        var typed = JsonSerializer.SerializeToUtf8Bytes(
            form.Where(field => !NotTyped.Contains(field.Key)).ToDictionary(field => field.Key, field => field.Value.ToString()),
            Readable
        );
        var asked = QueryString.Create(request.Query.Where(part => part.Key != Field));
        return typed.Length > MostBytes ? null : request.Path + asked.Add(Field, WebEncoders.Base64UrlEncode(_seal.Protect(typed, Lasts)));
    }

    /// <summary>Puts it where <see cref="Typed.In"/> finds it.</summary>
    public void Restore(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || http.Request.Query[Field] is not [{ Length: > 0 } said])
        {
            return;
        }

        try
        {
            var typed = JsonSerializer.Deserialize<Dictionary<string, string>>(_seal.Unprotect(WebEncoders.Base64UrlDecode(said)));
            http.Features.Set(new TypedBefore(typed ?? []));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // Too long ago, or nothing that we sealed: the page comes as if nobody had typed.
        }
    }

    /// <summary>Its page is got from where its form is posted to.</summary>
    private static bool IsAct(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IHttpMethodMetadata>() is { } takes && ActFlow.Verbs.All(takes.HttpMethods.Contains);

    // A letter of another alphabet is two bytes, and not six.
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>What was typed into a form that came before this page.</summary>
internal sealed record TypedBefore(IReadOnlyDictionary<string, string> Fields);
