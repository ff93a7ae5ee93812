using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Web.Keys;
using Reminders.Web.Limits;
using Reminders.Web.Problems;

namespace Reminders.Web.Api;

/// <summary>What holds for every request to the API, before its handler runs.</summary>
internal static class ApiRules
{
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>An operator says whose objects are meant, where several owners have one of that name, or whose a new one is to
    /// be.</summary>
    public const string OwnerParameter = "owner";

    private const int LongestKey = 255;

    public static RouteGroupBuilder WithApiRules(this RouteGroupBuilder api) =>
        api.WithNamesInPaths()
            .WithCallerLimit()
            .AddEndpointFilter(NameCallerAsync)
            .AddEndpointFilter(CheckBodyAsync)
            .AddEndpointFilter(TakeIdempotencyKeyAsync)
            .WithWorkLimit()
            .AddEndpointFilter(BoundedReads.RunAsync);

    /// <summary>
    /// The ledger and the audit name the key, or the person; commands ask whose it is. A person stands there by number: their
    /// reference is another person's too, of another owner.
    /// </summary>
    private static async ValueTask<object?> NameCallerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (user, caller) = (context.HttpContext.User, Caller(context.HttpContext));
        var operates = user.HasClaim(Policies.Scope, ApiScopes.Operate);
        (caller.Owner, caller.SeesAll, caller.Operates) = (user.FindFirstValue(Policies.Owner) ?? "", operates, operates);
        caller.Administers = false;
        caller.Recruiter = user.FindFirstValue(Policies.RecruiterId) is { } recruiter
            ? long.Parse(recruiter, CultureInfo.InvariantCulture)
            : null;
        caller.Name =
            user.Identity!.AuthenticationType == AccessTokenHandler.Scheme
                ? string.Create(CultureInfo.InvariantCulture, $"user:{user.RecipientId()}")
                : $"api:{user.Identity.Name}";
        caller.LockPatience = context.HttpContext.RequestServices.GetRequiredService<ApiOptions>().Patience;
        if (!context.HttpContext.Request.Query.TryGetValue(OwnerParameter, out var given))
        {
            return await next(context);
        }

        if (given is not [{ Length: <= 100 } owner] || owner.Any(char.IsControl))
        {
            return new WrongFieldsResult(WrongFields.Of(OwnerParameter, "wrong.one_owner"));
        }

        if (owner != caller.Owner && !operates)
        {
            return new ProblemResult(StatusCodes.Status403Forbidden, new("problem.owner_scope", ApiScopes.Operate));
        }

        (caller.Owner, caller.SeesAll) = (owner, false);
        return await next(context);
    }

    private static async ValueTask<object?> CheckBodyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if ((await RawBody.ReadAsync(http)).TooLong)
        {
            return RawBody.Refuse(RawBody.LimitOf(http));
        }

        if (http.GetEndpoint()!.Metadata.GetMetadata<IAcceptsMetadata>() is not null && !http.Request.HasJsonContentType())
        {
            return new ProblemResult(StatusCodes.Status415UnsupportedMediaType, new("problem.send_json"));
        }

        return await next(context);
    }

    /// <summary>The engine keeps the key with the command's own effect, in one transaction; here it is only read.</summary>
    private static async ValueTask<object?> TakeIdempotencyKeyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.Headers.TryGetValue(IdempotencyKey, out var given))
        {
            return await next(context);
        }

        if (given is not [{ Length: > 0 and <= LongestKey } key])
        {
            return given.Count > 1
                ? Refuse("wrong.key_times", given.Count, LongestKey)
                : Refuse("wrong.key_length", given.ToString().Length, LongestKey);
        }

        if (key.Any(char.IsControl))
        {
            return Refuse("wrong.key_control", LongestKey);
        }

        var caller = Caller(http);
        (caller.IdempotencyKey, caller.Fingerprint) = (key, Fingerprint(http.Request, (await RawBody.ReadAsync(http)).Bytes.Span));
        try
        {
            return await next(context);
        }
        catch (IdempotencyKeyReusedException)
        {
            return new ProblemResult(StatusCodes.Status422UnprocessableEntity, new("problem.key_reused", key));
        }
    }

    private static WrongFieldsResult Refuse(string code, params ReadOnlySpan<object?> values) =>
        new(WrongFields.Of(IdempotencyKey, code, values));

    private static byte[] Fingerprint(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.PathBase}{request.Path}{request.QueryString}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    private static Caller Caller(HttpContext http) => http.RequestServices.GetRequiredService<Caller>();
}
