using System.Globalization;
using Reminders.Explain;
using Reminders.Outbox;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Texts;

internal sealed partial class RussianWords : ConsoleWords
{
    public override string Language => "ru";
    public override CultureInfo Culture { get; } = CultureInfo.GetCultureInfo("ru-RU");

    public override string Messages(long count) => Count(count, "сообщение", "сообщения", "сообщений");

    public override string People(long count) => Count(count, "человек", "человека", "человек");

    public override string Day(DateOnly day) => day.ToString("ddd, d MMM", Culture);

    public override string LongDay(DateOnly day) => day.ToString("dddd, d MMMM yyyy", Culture);

    public override string Away(TimeSpan from) => from < TimeSpan.Zero ? $"{Span(-from)} назад" : $"через {Span(from)}";

    public override string Span(TimeSpan span) =>
        span.TotalSeconds < 90 ? Count((long)span.TotalSeconds, "секунду", "секунды", "секунд")
        : span.TotalMinutes < 90 ? Count((long)span.TotalMinutes, "минуту", "минуты", "минут")
        : span.TotalHours < 36 ? Count((long)span.TotalHours, "час", "часа", "часов")
        : Count((long)span.TotalDays, "день", "дня", "дней");

    public override string Console => "Напоминания";
    public override string SkipToContent => "К содержанию";
    public override string Menu => "Страницы";
    public override string Bookings => "Записи";
    public override string Overview => "Обзор";
    public override string Outbox => "Исходящие";
    public override string Cluster => "Кластер";
    public override string Audit => "Журнал";
    public override string Accounts => "Учётные записи";
    public override string Find => "Найти";
    public override string FindHint => "Запись, имя, номер, чат или почта";

    public override string SignedInAs(string name, ConsoleRole role) => $"{name}, {RoleName(role).ToLower(Culture)}";

    public override string SignOut => "Выйти";
    public override string EndAllSessions => "Завершить все мои сеансы";
    public override string OtherLanguage => "English";
    public override string Theme => "Цвета";

    public override string ThemeName(string theme) =>
        theme switch
        {
            "light" => "Светлые",
            "dark" => "Тёмные",
            _ => "Как в системе",
        };

    public override string Change => "Изменить";

    public override string TimesAreIn(string zone) => $"Время указано по поясу {zone}.";

    public override string Next => "Следующая страница";
    public override string First => "Первая страница";
    public override string Show => "Показать";
    public override string Clear => "Снять фильтр";
    public override string Back => "Назад";
    public override string Any => "любое";
    public override string None => "нет";
    public override string By => "Кто";
    public override string State => "Состояние";
    public override string Time => "Время";
    public override string Reason => "Причина";
    public override string Live => "обновляется";
    public override string NotLive => "не обновляется: данные на {0}, пробую снова";
    public override string StopLive => "Остановить обновление";
    public override string StartLive => "Обновлять";
    public override string SessionOver => "Сеанс завершён. Войдите в другой вкладке; введённое останется здесь.";

    public override string Keys => "Клавиши";
    public override IReadOnlyList<(string Key, string Does)> KeysDo { get; } =
    [
        ("?", "показать этот список"),
        ("/", "найти"),
        ("g b, g v, g o, g c", "записи, обзор, исходящие, кластер"),
        ("j, k", "следующая строка, предыдущая"),
        ("Enter", "открыть строку"),
        ("[, ]", "предыдущий день, следующий"),
        ("a, m, x", "одобрить, перенести, отменить"),
        ("Esc", "оставить как есть"),
    ];

    public override (string Title, string Says) Trouble(Trouble trouble) =>
        trouble.Status switch
        {
            400 => (
                "Эту форму принять нельзя",
                "Она слишком старая или пришла с другой страницы. Вернитесь, загрузите страницу заново и отправьте ещё раз."
            ),
            403 => ("Эта страница не для вас", "Ваша роль не даёт её видеть. Другую может дать администратор."),
            404 => ("Здесь ничего нет", "Этого больше нет, никогда не было или оно не ваше."),
            405 => ("Здесь так нельзя", "Страница не принимает такой запрос."),
            503 when trouble.Cause == TroubleCause.TookTooLong => (
                "Это заняло слишком много времени",
                "Запрос прерван через три секунды; другие страницы могут открыться быстрее. Ничего не изменено. Страница сама "
                    + "пробует снова каждые пять секунд."
            ),
            503 when trouble.Cause == TroubleCause.OtherSchema => (
                "База данных другой версии, чем эта программа",
                "Идёт обновление, или его сценарии не применены. Ничего не изменено. Страница сама пробует снова каждые пять секунд; "
                    + "чего недостаёт, оператор узнаёт командой «reminders doctor»."
            ),
            503 => ("База данных не отвечает", "Ничего не изменено. Страница сама пробует снова каждые пять секунд."),
            _ => ("Что-то пошло не так", "Подробности в журнале службы под номером ниже."),
        };

    public override string TypedIsKept => "Ничего не сделано, а введённое сохранено.";
    public override string GoOnWithIt => "Продолжить с ним";

    public override string TraceId(string id) => $"Номер: {id}";

    public override string SignIn => "Войти";
    public override string Login => "Логин";
    public override string Password => "Пароль";

    public override string PasswordHint(int shortest) => $"Не короче {Count(shortest, "символа", "символов", "символов")}.";

    public override string WrongSignIn => "Такого логина нет, или пароль другой.";

    public override string Locked(TimeSpan left) =>
        $"Слишком много неверных попыток. Попробуйте через {Span(TimeSpan.FromMinutes(Math.Ceiling(left.TotalMinutes)))}.";

    public override string HaveCode => "У меня есть код";
    public override string Join => "Создать учётную запись";

    public override string JoinHint(TimeSpan life) =>
        $"24 буквы и цифры, действует один раз, в течение {Span(life)}. Код создаёт администратор на странице «Учётные записи», в том "
        + "числе для нового пароля: с ним укажите свой логин. На сервере код печатают «reminders accounts invite» и «reminders accounts "
        + "reset», а самый первый — сама служба.";

    public override string Code => "Код";

    public override string CodeUsed(TimeSpan life) =>
        $"Код уже использован или устарел (действует {Span(life)}), или логин занят. Попробуйте с тем же кодом другой логин, а с кодом для "
        + "нового пароля свой. Если снова отказ, попросите новый код: его делает администратор на странице «Учётные записи», а на сервере "
        + "печатает «reminders accounts invite».";

    public override string CodeWrong =>
        "Это не код: в нём 24 буквы и цифры, без 0, 1, I и O. Скопируйте его ещё раз оттуда, откуда он у вас.";

    public override string LoginWrong => "Укажите логин от 1 до 100 символов.";

    public override string Today => "Сегодня";
    public override string Week => "Неделя";

    public override string WeekFrom(string day) => $"Семь дней: с {day}";

    public override string NeedsMe => "Ждут меня";
    public override string PreviousDay => "Предыдущий день";
    public override string NextDay => "Следующий день";
    public override string Date => "День";

    public override string NobodyToday(bool mine) => mine ? "На этот день к вам никто не записан." : "На этот день никто не записан.";

    public override string NextSlotOn(string day) => $"Следующая запись: {day}.";

    public override string NoSlotLater => "Позже тоже никто не записан.";
    public override string NothingNeedsMe => "В ближайшие семь дней от вас ничего не требуется.";
    public override string Candidate => "Кандидат";
    public override string Recruiter => "Рекрутер";
    public override string Interview => "Собеседование";
    public override string Place => "Место";
    public override string NextStep => "Что дальше";

    public override string ForCandidate(string time) => $"у кандидата {time}";

    public override string Of(SlotState state) =>
        state switch
        {
            SlotState.Requested => "Ждёт одобрения",
            SlotState.Approved => "Одобрена",
            SlotState.Unreachable => "Пока не связаться",
            SlotState.Reminded => "Напомнили",
            SlotState.Confirmed => "Подтверждена",
            SlotState.Declined => "Отказ",
            SlotState.NoAnswer => "Нет ответа",
            SlotState.InDoubt => "Под вопросом",
            SlotState.NotReminded => "Не напомнили",
            _ => "Отменена",
        };

    public override string ReminderAt(string time) => $"Напоминание {time}";

    public override string BeingSent => "Напоминание отправляется";

    public override string NothingToCome(SlotState state) =>
        state switch
        {
            SlotState.Requested => "Ждёт одобрения",
            SlotState.Unreachable => "Отправьте ссылку на бота",
            SlotState.Reminded => "Ждём ответа",
            SlotState.Declined => "Найдите другое время или другого кандидата",
            SlotState.NoAnswer or SlotState.NotReminded => "Свяжитесь сами",
            SlotState.InDoubt => "Неизвестно, дошло ли напоминание: спросите или пусть решит оператор",
            _ => "Делать нечего",
        };

    public override string BookingOf(string name) => $"Запись: {name}";

    public override string BookingState(string status) =>
        status switch
        {
            "proposed" => "ждёт одобрения",
            "approved" => "одобрена",
            "confirmed" => "подтверждена",
            "declined" => "отказ",
            "cancelled" => "отменена",
            _ => status,
        };

    public override string Version(long version) => $"версия {version}";

    public override string StartLink => "Ссылка на бота";

    public override string StartLinkHint(string name) => $"Отправьте её: {name} откроет бота, и он сможет писать.";

    public override string CanBeReached(bool yes) => yes ? "связь есть" : "пока не связаться";

    public override string Timeline => "Что было";
    public override string NoReminders => "Ничего не запланировано: одобрите запись, и напоминание появится.";

    public override string MoreReminders(int more) => $"Дальше ещё {Number(more)}.";

    public override string StepName(StoryStep step) =>
        step switch
        {
            StoryStep.Planned => "запланировано",
            StoryStep.Suppressed => "повторный запрос",
            StoryStep.Fired => "время пришло",
            StoryStep.Cancelled => "снято",
            StoryStep.Pressed => "нажато",
            StoryStep.Answered => "ответ",
            StoryStep.Operator => "решение",
            StoryStep.Queued => "в очереди",
            StoryStep.Claimed => "взято",
            StoryStep.Attempted => "попытка",
            StoryStep.Deployed => "новая сборка",
            _ => "конец",
        };

    public override string KindName(string kind) =>
        kind switch
        {
            "CONFIRM_2H" => "напоминание с двумя кнопками",
            "NO_ANSWER_1H" => "известие, что ответа нет",
            "CANDIDATE_CONFIRMED" => "известие о подтверждении",
            "CANDIDATE_DECLINED" => "известие об отказе",
            "REMINDER_HELD" => "известие, что напоминание под вопросом",
            _ => kind,
        };

    public override string DecidedByRow(long row) => $"решила строка {row}";

    public override string Act(string act) =>
        act switch
        {
            "approve" => "Одобрить",
            "again" => "Спросить ещё раз",
            "give" => "Отдать другому",
            "move" => "Перенести",
            "cancel" => "Отменить",
            "arrived" => "Дошло",
            "lost" => "Не дошло",
            "resend" => "Отправить ещё раз",
            "replay" => "Повторить",
            "pause" => "Приостановить",
            "resume" => "Возобновить",
            "stop" => "Остановить",
            "disable" => Disable,
            "enable" => Enable,
            "revoke" => "Отозвать",
            _ => act,
        };

    public override string ActOn(string act, string what) => $"{Act(act)}: {what}";

    public override string ActOnBooking(string act, string name) =>
        act is "again" or "give" ? $"{Act(act)}: {name}" : $"{Act(act)} запись: {name}";

    public override string WhatHappens => "Что произойдёт";

    public override string NewStart(string zone) => $"Новое начало ({zone})";

    public override string NothingIsSent => "Ничего не отправляется.";
    public override string AlreadySo => "Так уже и есть: ничего не меняется.";

    public override string Refused(string reason) => $"Будет отказано: {reason}";

    public override string Says(Consequence one, TimeZoneInfo zone, DateTimeOffset now) =>
        one.What switch
        {
            "planned" => one.At <= now
                ? $"{one.Name}: одно сообщение сейчас, {KindName(one.Kind)}."
                : $"{one.Name}: одно сообщение {When(one.At, zone)}, {KindName(one.Kind)}.",
            "dropped" => $"{one.Name}: снимается {KindName(one.Kind)}, намеченное на {When(one.At, zone)}.",
            "skipped" => $"{one.Name}: не отправляется {KindName(one.Kind)} ({Story.Reason(one.Reason)}).",
            "edited" => $"{one.Name}: полученное сообщение изменится и покажет, как дела теперь; кнопок не будет.",
            "edited later" => $"{one.Name}: сообщение в пути или под вопросом; если дошло, оно изменится.",
            "unsent" => $"{one.Name}: ожидающее сообщение снимается.",
            "sent" => $"Сообщение {one.Message} считается отправленным. Ничего не отправляется, кнопки работают.",
            "dead" => $"Само сообщение {one.Message} закрыто: больше его не отправляют.",
            _ when one.Copy > 0 => $"{one.Name} может получить его дважды: копия {one.Copy + 1} уходит сейчас.",
            _ => $"{one.Name}: одно сообщение сейчас, {KindName(one.Kind)}.",
        };

    public override string ActHint(string act) =>
        act switch
        {
            "arrived" => "Отметьте так, если кто-то его видел или вы спросили.",
            "lost" => "Повторно оно не отправляется. Рекрутеру скажут связаться самому.",
            "resend" => "Если первое всё-таки дошло, их будет два.",
            "replay" => "Новое сообщение уходит сейчас; прежнее остаётся как есть.",
            "pause" => "Ничего из этого не уходит ни с одного узла. Что уже в пути, завершится.",
            "resume" => "Если у провайдера неполадки, сначала пробуется одно сообщение.",
            _ => "",
        };

    public override string ReasonHint => "Причина хранится с вашим именем, и её прочтёт каждый, кто спросит.";
    public override string ReasonMissing => "Укажите причину, от 1 до 1000 символов.";
    public override string KeepAsItIs => "Оставить как есть";

    public override string Done(string act) =>
        act switch
        {
            "approve" => "Одобрено.",
            "again" => "Спрошено ещё раз.",
            "give" => "Отдано другому.",
            "move" => "Перенесено.",
            "cancel" => "Отменено.",
            "arrived" => "Считается отправленным.",
            "lost" => "Больше не отправляется, рекрутеру скажут.",
            "resend" => "Ещё одна копия уходит.",
            "replay" => "Новое сообщение уходит.",
            "pause" => "Приостановлено.",
            "stop" => "Остановлено.",
            "resume" => "Возобновлено.",
            "disable" => "Отключено.",
            "enable" => "Включено.",
            "revoke" => "Отозвано.",
            _ => "Сделано.",
        };

    public override string ChangedMeanwhile(LastChange? last, TimeZoneInfo zone)
    {
        var whom = last is null ? "" : $" ({When(last.At, zone)}, {last.By ?? "пришёл ответ"})";
        return $"Пока страница была открыта, всё изменилось{whom}, поэтому ничего не сделано. "
            + "Ниже то, что есть сейчас; введённое сохранено.";
    }

    public override string StartWrong => "Укажите день и время в будущем, например 2027-03-01 15:00.";
    public override string NameOfTheirs => "Имя";
    public override string ChatOfTheirs => "Чат в Telegram, если известен";
    public override string LanguageOfTheirs => "Язык, например en или ru";
    public override string LookFirst => "Посмотреть, что произойдёт";

    public override string Of(MessageState state) =>
        state switch
        {
            MessageState.Pending => "ждёт",
            MessageState.Sending => "отправляется",
            MessageState.Retry => "повтор",
            MessageState.Sent => "отправлено",
            MessageState.Uncertain => "под вопросом",
            MessageState.Dead => "не доставлено",
            _ => "снято",
        };

    public override string MessageNumber(long id) => $"Сообщение {id}";

    public override string NoMessages => "В этом состоянии сообщений нет. Здесь стоит то, что отправлено, ждёт или не удалось.";

    public override string FilterIs(string filter) => $"Ничего не подходит: {filter}.";

    public override string Kind => "Вид";
    public override string Channel => "Канал";
    public override string Person => "Кому";
    public override string About => "О чём";
    public override string Written => "Создано";
    public override string UsefulUntil => "Имеет смысл до";
    public override string PastUse => "устарело";
    public override string Attempts => "Попытки";
    public override string Node => "Узел";
    public override string Outcome => "Исход";
    public override string Detail => "Что ответил провайдер";
    public override string ProviderId => "Номер у провайдера";
    public override string Copies => "Копии и правки";

    public override string CopyNumber(int number) => $"копия {number + 1}";

    public override string Answers => "Ответы";
    public override string Decisions => "Решения";
    public override string NoAttempts => "Попыток ещё не было.";

    public override string AllIsWell => "Всё в порядке: ничто никого не ждёт.";
    public override string WhatIsWrong => "Что не так";
    public override string Numbers => "Числа";

    public override string InDoubtWait(string count, string? until) =>
        $"Неизвестно, дошло ли: {count}." + (until is null ? "" : $" Первое имеет смысл до {until}.");

    public override string DeadToday(string count) => $"Не доставлено за сутки: {count}.";

    public override string OldestWaits(string span) => $"Сообщение, которому пора, ждёт уже {span}.";

    public override string ChannelState(string name, string state) =>
        state switch
        {
            "open" => $"{name}: открыт",
            "stopped" => $"{name}: остановлен вручную",
            "broken" => $"{name}: сломан",
            "resting" => $"{name}: не отвечает и отдыхает",
            "answering" => $"{name}: снова отвечает",
            "waiting" => $"{name}: просили подождать",
            _ => $"{name}: выясняет, чей это предел",
        };

    public override string NodeIsGone(string name, string when) => $"Узел {name} не подаёт признаков жизни с {when}.";

    public override string NodeIsOff(string name, string skew) => $"Часы узла {name} отличаются на {skew}.";

    public override string NoNode => "Ни один узел не работает: ничего не отправляется.";
    public override string CommandLine => "В командной строке";
    public override string InDoubt => "Под вопросом";
    public override string Dead => "Не доставлены";
    public override string Waiting => "Ждут";
    public override string Sending => "Отправляются";
    public override string DueSoon => "Наступят в течение часа";
    public override string Nodes => "Узлы";
    public override string Channels => "Каналы";
    public override string Since => "С";
    public override string Until => "До";
    public override string LastSeen => "Последний признак жизни";
    public override string Started => "Запущен";
    public override string BuildVersion => "Сборка";
    public override string Skew => "Часы отличаются на";
    public override string Leads => "Ведёт";
    public override string Hangs => "Стоит";
    public override string IsThere => "работает";
    public override string IsGone => "пропал";

    public override string Doctor => "Проверка";
    public override string DoctorHint => "Проверено только что. Сначала то, что не так.";
    public override string Found => "Что найдено";
    public override string WhatToDo => "Что делать";
    public override string InOrder => "в порядке";
    public override string WantsALook => "стоит взглянуть";
    public override string Broken => "сломано";

    public override string NoAudit => "Пока никто ничего не делал.";
    public override string Deed => "Что сделано";
    public override string Before => "Было";
    public override string After => "Стало";
    public override string WasRefused => "отказано";

    public override string NothingFound(string what) => $"«{what}»: нет ни записи, ни человека, ни адреса.";

    public override string NewRows => "Новых: {0}, показать";
    public override string AskForSomething => "Укажите номер записи, часть имени, свой номер человека, чат, почту или телефон.";
    public override string Reference => "Номер";
    public override string Addresses => "Адреса";
    public override string LastMessages => "Последние сообщения";
    public override string ZoneOfTheirs => "Пояс";

    public override string Role => "Роль";

    public override string RoleName(ConsoleRole role) =>
        role switch
        {
            ConsoleRole.Recruiter => "Рекрутер",
            ConsoleRole.Operator => "Оператор",
            _ => "Администратор",
        };

    public override string Invite => "Пригласить";
    public override string RecruiterReference => "Номер рекрутера";

    public override string CodeIs(string code) =>
        $"Передайте этот код, он действует один час и один раз. Его вводят на странице за ссылкой «{HaveCode}» под входом: {code}";

    public override string Disable => "Отключить";
    public override string Enable => "Включить";
    public override string ResetPassword => "Код для нового пароля";
    public override string Disabled => "отключена";
    public override string LastSignIn => "Последний вход";
    public override string Created => "Создано";

    private string Count(long count, string one, string few, string many) =>
        $"{Number(count)} {(count % 100 is >= 11 and <= 14 ? many : count % 10 == 1 ? one : count % 10 is >= 2 and <= 4 ? few : many)}";
}
