using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Reminders.Commands;
using Reminders.Web.Problems;

namespace Reminders.Web.Api;

/// <summary>A JSON body as a handler's argument, with what could not be read of it.</summary>
internal sealed class Body<T> : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly WrongFields _unreadable;

    private Body(T? value, WrongFields unreadable) => (Value, _unreadable) = (value, unreadable);

    /// <summary>What could be read; the rest is null in it. Null when nothing could.</summary>
    public T? Value { get; }

    /// <summary>
    /// The refusal of what cannot be read, along with what <paramref name="rules"/> say of the rest, so that a caller mends all
    /// of it in one go; null when everything could be read, and the command itself applies its rules.
    /// </summary>
    public IResult? Refusal(Func<T, WrongFields>? rules = null)
    {
        if (_unreadable.Count == 0)
        {
            return null;
        }

        var errors = new FieldErrors();
        errors.Add(_unreadable);
        if (Value is { } value && rules is not null && !errors.IsFull)
        {
            // "is required" of a field that was given, but could not be read, would mislead.
            errors.Add(rules(value).Where(field => !_unreadable.Keys.Any(there => IsPartOf(field, there))));
        }
        return new WrongFieldsResult(errors.All);
    }

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        // Its refusal is the filters' (ApiRules): an argument cannot answer.
        if (!context.Request.HasJsonContentType() || await RawBody.ReadAsync(context) is not { TooLong: false } body)
        {
            return new(null, WrongFields.None);
        }

        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var (value, errors) = BodyReader.Read<T>(body.Bytes, json);
        return new(value, errors);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static bool IsPartOf(string field, string whole) =>
        field == whole
        || field.StartsWith(whole + ".", StringComparison.Ordinal)
        || field.StartsWith(whole + "[", StringComparison.Ordinal);
}
