using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Reminders.Web.Api;
using Reminders.Web.Keys;

namespace Reminders.Web.Documents;

/// <summary>The API described for machines, at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    private const string Bearer = "bearer";
    private const string User = "user";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.AddDocumentTransformer(DescribeAsync);
                options.AddOperationTransformer(SecureAsync);
                options.AddOperationTransformer(OfferIdempotencyKeyAsync);
                options.AddOperationTransformer(DateExamplesAsync);
            }
        );

    public static void MapApiDescription(this IEndpointRouteBuilder app) => app.MapOpenApi("/openapi/{documentName}.json");

    private static Task DescribeAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Info = new()
        {
            Title = "Reminders",
            Version = "v1",
            Description = """
                Book interview slots; each candidate is reminded exactly once, and their answer moves the booking.

                Every error is `application/problem+json` (RFC 9457). A 400 has `errors`: each wrong field, with the value it had and
                what is expected. Unknown fields are refused by name. A body has at most 64 KiB.

                A person's notifications are also pushed, over the WebSocket `/ws/notifications/?token=rw_…&cursor=n`, with a ticket of
                `POST /api/notifications/ticket/` (or with the access token as `Authorization: Bearer rt_…`, or as the subprotocols
                `bearer, rt_…`): everything after
                `cursor` first, in order, then what is new; without `cursor`, only what is new. Each text frame is one notification, as
                the list has it. To miss nothing, read the list, then connect with the `cursor` of its newest one, or 0. It closes with
                1001 (this node stops), 4008 (you read too slowly), 4401 (the token ended), 4429 (you opened too many); after the first two, or a lost line, connect
                again with the cursor of the last one you got: none is left out and none comes twice.
                """,
        };
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "rk_…",
            Description =
                "An API key: `Authorization: Bearer rk_…`. It belongs to an owner and has scopes: `bookings:own`, "
                + "`notifications:send`, `recipients:write`, `tokens:issue`, and `operate`, which includes the others and "
                + "every owner's objects. Each endpoint says which it needs. Another owner's object is a 404, as if there were none.",
        };
        document.Components.SecuritySchemes[User] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "rt_…",
            Description = "A person's access token, from `POST /api/tokens`: `Authorization: Bearer rt_…`. It opens their own inbox only.",
        };
        return Task.CompletedTask;
    }

    private static Task SecureAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().FirstOrDefault() is not { } needed)
        {
            return Task.CompletedTask;
        }

        var scopes = Policies.ScopesOf(metadata);
        operation.Security ??= [];
        operation.Security.Add(
            new() { [new OpenApiSecuritySchemeReference(needed.Policy == Policies.User ? User : Bearer, context.Document)] = [.. scopes] }
        );
        if (scopes.Count == 0)
        {
            return Task.CompletedTask;
        }

        operation.Description =
            $"{operation.Description?.TrimEnd()}\n\nNeeds the scope {string.Join(" and ", scopes.Select(scope => $"`{scope}`"))}.";
        operation.Parameters ??= [];
        operation.Parameters.Add(
            new OpenApiParameter
            {
                Name = ApiRules.OwnerParameter,
                In = ParameterLocation.Query,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 100 },
                Description =
                    $"With the scope `{ApiScopes.Operate}`: whose object is meant, or whose a new one is to be. Default: the "
                    + "key's owner's, then the only one of that name.",
            }
        );
        return Task.CompletedTask;
    }

    private static Task DateExamplesAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (operation.Description is { } description)
        {
            operation.Description = EndpointText.WithInstants(
                description,
                context.ApplicationServices.GetRequiredService<TimeProvider>().GetUtcNow()
            );
        }

        return Task.CompletedTask;
    }

    private static Task OfferIdempotencyKeyAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            context.Description is { HttpMethod: "POST", RelativePath: { } path }
            && path.StartsWith("api/", StringComparison.Ordinal)
            && !path.StartsWith("api/tokens", StringComparison.Ordinal)
        )
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = ApiRules.IdempotencyKey,
                    In = ParameterLocation.Header,
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        MinLength = 1,
                        MaxLength = 255,
                    },
                    Description =
                        "Any name for this request that no other has, such as a UUID. Sent again with the same key, the "
                        + "request has no second effect and the first answer comes back; with another body, it is refused with 422.",
                }
            );
        }
        return Task.CompletedTask;
    }
}
