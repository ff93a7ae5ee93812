using Reminders.Channels;

namespace Reminders.Kinds;

/// <summary>
/// A type of notification, declared in configuration under <c>Kinds:NAME</c>. Adding one is a block of settings and a
/// template, no code.
/// </summary>
public sealed class KindDefinition
{
    /// <summary>The kind's name, its key under <c>Kinds</c>: capitals, digits and underscores, at most 64.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Whether it is left out altogether, as one that ships with the engine may be. Default false.</summary>
    public bool Off { get; set; }

    /// <summary>The type of subject it is about, for example <c>booking</c>. Required.</summary>
    public string Subject { get; set; } = "";

    /// <summary>
    /// What makes the engine plan it: a status the subject reaches (<c>approved</c>, <c>confirmed</c>,
    /// <c>declined</c>, <c>cancelled</c>), or an event of its reminders (<c>reminder_held</c>, <c>reminder_skipped</c>).
    /// Left out, it is asked for by name (<c>POST /api/notifications</c>), and the next seven settings apply.
    /// </summary>
    public string On { get; set; } = "";

    /// <summary>Asked for by name: what makes one notification of it the same as another. Default
    /// <see cref="IdentityPolicy.Version"/>.</summary>
    public IdentityPolicy Identity { get; set; }

    /// <summary>
    /// With <see cref="IdentityPolicy.Version"/> and <see cref="IdentityPolicy.Window"/>: whether a newer one of the same
    /// subject takes the place of what is not yet sent. Default true; false where each tells of something of its own, as
    /// the comments on a ticket do.
    /// </summary>
    public bool Supersedes { get; set; } = true;

    /// <summary>With <see cref="IdentityPolicy.Window"/>: for how long the same is not told again. Default 24 hours.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(24);

    /// <summary>With <see cref="IdentityPolicy.Window"/>: the data that makes it another notification, which is told at once.</summary>
    public IList<string> WindowBy { get; set; } = [];

    /// <summary>Asked for by name: how long after the asking it is due, unless that says. Default 0, at once.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// Asked for by name: the data it needs, by name, and of which type. Names are lower case letters, digits and
    /// underscores; a type that ends in <c>?</c> may be left out: <c>text</c>, <c>number</c>, <c>flag</c>, <c>instant</c>.
    /// </summary>
    public IDictionary<string, string> Data { get; set; } = new Dictionary<string, string>();

    /// <summary>
    /// Asked for by name: gathers what falls due for one recipient within this time into one message. Unset means never.
    /// </summary>
    public TimeSpan? Digest { get; set; }

    /// <summary>
    /// Whom it goes to: the role of a party of the subject, for example <c>candidate</c>. Required, unless it is asked for
    /// by name.
    /// </summary>
    public string To { get; set; } = "";

    /// <summary>How long before the subject's instant it is due. Hours:minutes:seconds; unset means at once.</summary>
    public TimeSpan? Before { get; set; }

    /// <summary>
    /// With <see cref="Before"/>: until how long before the subject's instant it is still worth sending (rule 11).
    /// Default 0, the instant itself.
    /// </summary>
    public TimeSpan UsefulUntilBefore { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// With <see cref="Before"/>: a subject planned after the due time is reminded at once if at least this much is
    /// left before its instant, and skipped otherwise. Default <see cref="UsefulUntilBefore"/>; never less than it.
    /// </summary>
    public TimeSpan? MinimumLead { get; set; }

    /// <summary>
    /// The kind this one follows: it is due at its own time, and not before <see cref="Wait"/> has passed since that one was
    /// sent, for the same version of the same subject. If that one never was sent, this one is skipped, and the ledger says
    /// why. While nobody can know whether it was, it waits. Empty, the default, means that it follows nothing.
    /// </summary>
    public string After { get; set; } = "";

    /// <summary>With <see cref="After"/>: how long after that one was sent. Hours:minutes:seconds, at most 365 days. Default 0.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.Zero;

    /// <summary>Without <see cref="Before"/>: for how long it is worth sending. Default 24 hours.</summary>
    public TimeSpan UsefulFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Whether it is asked for by name, and not planned by what happens to its subject.</summary>
    internal bool IsAskedFor => On.Length == 0;

    /// <summary>The subject's statuses in which it is still wanted; empty means any.</summary>
    public IList<string> WantedIn { get; set; } = [];

    /// <summary>
    /// Where it goes, best first: the first channel on which the recipient can be reached and wants it. <c>inbox</c> is
    /// the app itself, and reaches everybody. Default Telegram.
    /// </summary>
    public IList<string> Channels { get; set; } = [];

    /// <summary>Whether it goes to every channel that reaches the recipient, and not to the first alone. Default false.</summary>
    public bool EveryChannel { get; set; }

    /// <summary>What becomes of a message nobody can know about, by channel. Default: as the channel says
    /// (<see cref="ChannelTraits.Uncertain"/>).</summary>
    public IDictionary<string, UncertainPolicy> Uncertain { get; set; } = new Dictionary<string, UncertainPolicy>();

    /// <summary>
    /// For a kind with buttons: how long a message held in doubt may go unanswered until the next channel in
    /// <see cref="Channels"/> that reaches the recipient gets one too. Hours:minutes:seconds; unset means never.
    /// </summary>
    public TimeSpan? FallBackAfter { get; set; }

    /// <summary>
    /// The answers offered as buttons, in their order: <c>confirm</c>, <c>decline</c>, and what <see cref="Answers"/> declares. Left
    /// out, it is all of these; with none of them there are no buttons.
    /// </summary>
    public IList<string> Buttons { get; set; } = [];

    /// <summary>
    /// What an answer says and does, by its key: 1 to 31 lower case letters, digits and underscores, a letter first. <c>confirm</c>
    /// and <c>decline</c> are known, with texts of their own in <see cref="Templates"/>. WhatsApp takes three buttons, with 20
    /// characters each.
    /// </summary>
    public IDictionary<string, AnswerDefinition> Answers { get; set; } = new Dictionary<string, AnswerDefinition>(StringComparer.Ordinal);

    /// <summary>The statuses in which the question about its subject is answered, whichever kind asked.</summary>
    internal IReadOnlyCollection<string> AnsweredIn { get; set; } = [];

    /// <summary>
    /// For a kind with buttons: whether its message carries a link to a page of ours with the same buttons, for channels that have
    /// none and for presses that got lost. It stands where a text says <c>{answer_link}</c>, else below it. Needs
    /// <c>PublicUrl</c>. Default false.
    /// </summary>
    public bool AnswerLink { get; set; }

    /// <summary>
    /// What becomes of a text that its channel cannot carry whole (Telegram takes 4,096 characters, WhatsApp 4,096, or 1,024
    /// with buttons). Default <see cref="TooLong.Shorten"/>.
    /// </summary>
    public TooLong TooLong { get; set; }

    /// <summary>
    /// The texts by locale (<c>en</c>, <c>ru</c>), then by name: <c>text</c>; for a kind with buttons <c>moved</c> and
    /// <c>cancelled</c> for the edited message, and where it offers them <c>confirm</c>, <c>decline</c> for these buttons and
    /// <c>confirmed</c>, <c>declined</c> for the edit after; <c>subject</c> for e-mail;
    /// for a digest <c>digest</c>, which may say <c>{count}</c> and <c>{items}</c>, each item being a <c>text</c>, and
    /// <c>digest_subject</c>; for WhatsApp, where a text needs the provider's approval, <c>whatsapp_template</c> and
    /// <c>whatsapp_values</c>, one line each. Required; <c>en</c> is what every other locale falls back to.
    /// </summary>
    public IDictionary<string, Dictionary<string, string>> Templates { get; set; } =
        new Dictionary<string, Dictionary<string, string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The texts as they are declared; <see cref="Templates"/> are those that count, and may be changed while nodes
    /// run.</summary>
    internal IDictionary<string, Dictionary<string, string>> DeclaredTexts { get; set; } =
        new Dictionary<string, Dictionary<string, string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The same kind with other texts.</summary>
    internal KindDefinition WithTexts(IDictionary<string, Dictionary<string, string>> texts)
    {
        var other = (KindDefinition)MemberwiseClone();
        other.Templates = texts;
        return other;
    }

    /// <summary>One more button, in code: the answer's key, and what it says and does.</summary>
    /// <returns>The same kind, for the next one.</returns>
    public KindDefinition AddButton(string key, Action<AnswerDefinition>? declare = null)
    {
        var answer = new AnswerDefinition();
        declare?.Invoke(answer);
        Buttons.Add(key);
        Answers[key] = answer;
        return this;
    }
}

/// <summary>What makes one notification the same as another (rule 4): the same is never told twice.</summary>
public enum IdentityPolicy
{
    /// <summary>Once per version of its subject and recipient. The versions are the caller's and only grow.</summary>
    Version,

    /// <summary>Once per subject and recipient, ever.</summary>
    Once,

    /// <summary>Once per subject, recipient and <see cref="KindDefinition.WindowBy"/> within <see cref="KindDefinition.Window"/>.</summary>
    Window,
}
