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

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(SecureAsync);
        options.AddOperationTransformer(OfferIdempotencyKeyAsync);
    });

    public static void MapApiDescription(this IEndpointRouteBuilder app) => app.MapOpenApi("/openapi/{documentName}.json");

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
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
            Description = "An API key: `Authorization: Bearer rk_…`. Its role is recruiter or operator; an operator may do all that a recruiter may.",
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

    private static Task SecureAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().FirstOrDefault() is { } needed)
        {
            operation.Security ??= [];
            operation.Security.Add(new() { [new OpenApiSecuritySchemeReference(needed.Policy == Policies.User ? User : Bearer, context.Document)] = [] });
        }
        return Task.CompletedTask;
    }

    private static Task OfferIdempotencyKeyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description is { HttpMethod: "POST", RelativePath: { } path } && path.StartsWith("api/", StringComparison.Ordinal)
            && !path.StartsWith("api/tokens", StringComparison.Ordinal))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = ApiRules.IdempotencyKey,
                In = ParameterLocation.Header,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
                Description = "Any name for this request that no other has, such as a UUID. Sent again with the same key, the request has no second effect and the first answer comes back; with another body, it is refused with 422.",
            });
        }
        return Task.CompletedTask;
    }
}
