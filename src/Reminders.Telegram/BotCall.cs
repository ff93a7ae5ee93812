using Reminders.Channels.Http;
using Telegram.Bot.Requests;
using Telegram.Bot.Requests.Abstractions;

namespace Reminders.Telegram;

/// <summary>
/// One call: Telegram.Bot's parameters, and of the answer only what the engine reads. Its own answer types would turn a
/// delivered message into a doubt as soon as Telegram adds something to a message that they cannot read.
/// </summary>
/// <param name="limit">How long the whole exchange may take.</param>
/// <param name="mostReply">Bytes of the answer that are read.</param>
/// <param name="stop">Not handed to the library: cancelled between the reply and its reading, it would make a doubt of what was
/// delivered.</param>
internal sealed class BotCall<TResult>(IRequest parameters, TimeSpan limit, CancellationToken stop, int mostReply)
    : RequestBase<TResult>(parameters.MethodName)
{
    /// <summary>Always a body, and one of known length: see Channels/Http/README.md of the engine.</summary>
    public override HttpContent ToHttpContent() => OnceJsonContent.Of(parameters, BotJson.TypeOf(parameters), limit, stop, mostReply);
}
