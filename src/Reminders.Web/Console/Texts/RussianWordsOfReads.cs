using Reminders.Kinds;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Texts;

internal sealed partial class RussianWords
{
    public override string LeftOut => "Эта часть заняла больше трёх секунд и не показана. Загрузите страницу ещё раз или сузьте запрос.";

    protected override string Seconds => "с";
    public override string WhatBecame => "Что стало с сообщениями";

    public override string Of(NumbersSpan span) =>
        span switch
        {
            NumbersSpan.Hour => "За час",
            NumbersSpan.Month => "За 30 дней",
            _ => "За сутки",
        };

    public override string NothingCounted =>
        "За это время ничего не завершилось. Сообщения считаются раз в минуту и остаются в счёте, когда их удаляют.";

    public override string ChartOf(string sent, string most) =>
        $"Отправлено: {sent}; в одном столбце не больше {most}. Числа в таблице ниже.";

    public override string BarIs(string bar, string most) =>
        $"Один столбец: {bar}; в самом высоком {most}. Контуром сверху: не доставлено и под вопросом.";

    public override string AsTable => "Таблицей";
    public override string From => "С";
    public override string Sent => "Отправлено";
    public override string Dropped => "Снято";
    public override string HalfWithin => "Половина за (p50)";
    public override string NearlyAllWithin => "99 из 100 за (p99)";
    public override string Suppressed => "Повторные запросы, не отправлены";
    public override string SuppressedHint =>
        "Каждое запросили повторно, хотя строка для него уже была. Она и решила: дважды ничего не ушло.";
    public override string NothingSuppressed => "Дважды ничего не запрашивали.";
    public override string ShowSuppressed => "Показать, что не отправлено и почему";
    public override string Rule => "Правило";
    public override string HowOften => "Сколько раз";
    public override string DecidedBy => "Что решило";
    public override string Scheduler => "Планировщик (Quartz)";
    public override string SchedulerHint =>
        "Триггер говорит когда, но не решает, нужно ли: если отправлять нечего, он ничего не делает, а то, у чего триггера нет, "
        + "в течение секунд запустит сверка. Поэтому нехватка триггера безвредна.";

    public override string WithoutTrigger(long count) =>
        count == 0
            ? "У каждого из ближайших моментов есть триггер."
            : $"Без триггера: {Count(count, "момент", "момента", "моментов")}. "
                + "Это безвредно: сверка вернёт триггер и запустит отправку без него.";

    public override string DueInstants => "Ближайшие моменты";
    public override string NoTriggers => "Триггеров нет: на будущее ничего не запланировано.";

    public override string TriggerState(string state) =>
        state switch
        {
            "waiting" => "ждёт",
            "acquired" => "взят",
            "executing" => "работает",
            "blocked" or "paused_blocked" => "заблокирован",
            "paused" => "приостановлен",
            "error" => "ошибка",
            "complete" => "завершён",
            _ => state,
        };

    public override string OccurrencesWait => "Ждут напоминаний";
    public override string NothingWaitsThere => "нет: он ничего не найдёт, это безвредно";
    public override string RunsNow => "Работает сейчас";
    public override string NothingRuns => "Сейчас ничего не работает.";
    public override string LastDay => "Последние сутки";
    public override string NothingRan => "За сутки ничего не запускалось.";
    public override string Runs => "Запусков";
    public override string FailedRuns => "С ошибкой";
    public override string Missed => "Пропущено";
    public override string LastRun => "Последний запуск";
    public override string FailedAndMissed => "Ошибки и пропуски";
    public override string NothingFailed => "Ошибок и пропусков не было.";

    public override string RunEnded(bool failed) => failed ? "ошибка" : "пропущен, запущен позже";

    public override string Kinds => "Виды сообщений";
    public override string SentWhen => "Когда";
    public override string SentTo => "Кому";
    public override string WhomAskedFor => "кому запрошено";

    public override string KindIsDue(KindDefinition kind) =>
        kind.On.Length == 0 ? (kind.Delay > TimeSpan.Zero ? $"через {Span(kind.Delay)} после запроса" : "сразу по запросу")
        : kind.Before is { } before ? $"за {Span(before)} до начала, если {BookingState(kind.On)}"
        : $"сразу, событие {kind.On}";

    public override string KindIsUseful(KindDefinition kind) =>
        kind.Before is null ? $"{Span(kind.UsefulFor)} после срока"
        : kind.UsefulUntilBefore > TimeSpan.Zero ? $"{Span(kind.UsefulUntilBefore)} до начала"
        : "начала";

    public override string KindGoesTo(KindDefinition kind) =>
        $"{string.Join(", ", kind.Channels)}: {(kind.EveryChannel ? "каждый, по которому есть связь" : "первый, по которому есть связь")}";

    public override string ToldOnce => "Один раз";

    public override string KindIsOnce(KindDefinition kind) =>
        kind.Identity switch
        {
            IdentityPolicy.Once => "каждому, навсегда",
            IdentityPolicy.Window => $"за {Span(kind.Window)}",
            _ => "на каждую версию предмета",
        };

    public override string Follows => "Следует за";
    public override string Gathers => "Собирается за";
    public override string Buttons => "Кнопки";
    public override string Samples => "Что в нём написано";
    public override string SamplesHint => "Написано самим движком, с вымышленными людьми и началом завтра в полдень (UTC).";

    public override string LocaleIs(string locale) => $"Язык: {locale}";

    public override string TextIs(string text) => text == "text" ? "Как отправляется" : $"После отправки: {text}";

    public override string CannotBeWritten => "Написать не удаётся";

    public override string InTheirChat(string name) => $"Как это видит {name}";

    public override string Of(ChatStage stage) =>
        stage switch
        {
            ChatStage.Before => "Ещё ничего не пришло. Будет написано:",
            ChatStage.InDoubt => "Неизвестно, дошло ли. Написано:",
            ChatStage.Edited => "Раньше пришёл другой текст, потом он сменился на этот.",
            ChatStage.BeingEdited => "Пришедший раньше текст другой, сейчас он меняется на этот.",
            ChatStage.Never => "Не дошло. Было бы написано:",
            _ => "Стоит так, как было отправлено.",
        };

    public override string SentAt => "Отправлено:";
    public override string EditedAt => "Изменено:";

    public override string ChatHint(string channel, string locale, string zone) =>
        $"Написано движком по нынешним текстам и данным: {channel}, язык {locale}, часы {zone}. То, что ушло до правки текстов "
        + $"вида, может отличаться.";

    public override string AnotherText => "Не так, как написано ниже";

    public override string Filter => "Фильтр";

    public override string FilterSet(string filter) => $"Фильтр: {filter}";

    public override string SearchHint =>
        "Человек: начало имени или ваш номер для него. О чём: номер записи или ваш ключ. Причина: часть её текста или код.";

    public override string LookedTo(string? filter, string end, string? state) =>
        (filter is null ? "" : $"Пока ничего не подходит: {filter}. ")
        + state switch
        {
            "dead" => $"Просмотрено то, что не удалось с {end}.",
            "uncertain" => $"Просмотрено то, что полезно до {end}.",
            _ => $"Просмотрено то, что написано с {end}.",
        };

    public override string LookFurther => "Искать дальше";

    public override string LookedUntil(string end) => $"Просмотрены записи до {end}.";

    public override string HeldUpBy(PauseNow pause, string? until) =>
        $"{(pause.Channel is { } channel ? $"{channel}: приостановлено" : "Приостановлено")} ({Who(pause.By)}) "
        + (until is null ? "пока кто-нибудь не возобновит" : $"до {until}");

    public override string StartCode(string name) => $"Ссылка на бота для сканирования: {name}";
}
