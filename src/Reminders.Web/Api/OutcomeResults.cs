using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Reminders.Commands;
using Reminders.Web.Problems;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <summary>How outcomes are answered.</summary>
internal static class OutcomeResults
{
    public static IResult ToResult<T>(this Outcome<T> outcome, Func<T, IResult>? done = null) =>
        outcome switch
        {
            Outcome<T>.Done { Value: var value } => done is null ? TypedResults.Ok(value) : done(value),
            Outcome<T>.Invalid invalid => new WrongFieldsResult(invalid.Errors),
            Outcome<T>.NotFound missing => new ProblemResult(StatusCodes.Status404NotFound, Reasons.Meaning(missing.Why)),
            Outcome<T>.Conflict conflict => new ProblemResult(StatusCodes.Status409Conflict, Reasons.Meaning(conflict.Why)),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
        };

    public static IResult NotFound(string code, params ReadOnlySpan<object?> values) =>
        new ProblemResult(StatusCodes.Status404NotFound, Reasons.Meaning(Reasons.Of(code, values)));

    public static IResult NoBooking(Guid id) => NotFound("no_booking", id);

    /// <summary>Answers an id in the path that is none; routing has put 400 there, but cannot say why.</summary>
    public static TBuilder WithReadableId<TBuilder>(this TBuilder builder, Func<string, bool> isId, string expected)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(
            async (context, next) =>
                context.HttpContext.Request.RouteValues["id"] is string given && !isId(given)
                    ? new WrongFieldsResult(WrongFields.Of("id", "wrong.not", FieldErrors.Cut(given), new Sentence(expected)))
                    : await next(context)
        );

    /// <summary>The problems an endpoint can answer, for its description.</summary>
    public static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in (int[])[StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, .. statuses])
        {
            if (status == StatusCodes.Status400BadRequest)
            {
                endpoint.ProducesValidationProblem();
            }
            else
            {
                endpoint.ProducesProblem(status);
            }
        }
        return endpoint;
    }
}
