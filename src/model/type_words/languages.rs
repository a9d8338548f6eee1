//! The words themselves, one list per language.

use crate::model::Domain;
use crate::model::SecurityType::{
    self, Battles, Explosions, Looting, Protests, Riots, Strategic, Violence,
};

/// The words of a language by meaning, separated by bars.
pub(super) type Words = (Meaning, &'static str);

#[derive(Clone, Copy)]
pub(super) enum Meaning {
    Type(SecurityType),
    Domain(Domain),
}

use Meaning::{Domain as Of, Type};

pub(super) const FRENCH: &[Words] = &[
    (
        Type(Explosions),
        "explosion|explosions|attentat à la bombe|attentat suicide|attentat-suicide|\
        attentat kamikaze|bombe|bombardement|bombardements|frappe aérienne|frappes aériennes|\
        frappe de drone|frappe de drones|tir d'artillerie|tirs d'artillerie|tir de mortier|\
        tirs de mortier|tir de roquette|tirs de roquettes|mine terrestre|mine antipersonnel|\
        engin explosif|engin explosif improvisé|EEI|grenade|jet de grenade|voiture piégée|\
        violence à distance|explosions/violence à distance",
    ),
    (
        Type(Violence),
        "attaque|attaques|attaque armée|attaques armées|attaque contre des civils|attentat|\
        attentats|agression|agression armée|agressions|assassinat|assassinats|meurtre|meurtres|homicide|\
        tuerie|massacre|enlèvement|enlèvements|kidnapping|rapt|prise d'otage|prise d'otages|\
        disparition forcée|enlèvement/disparition forcée|violence contre les civils|\
        violences contre les civils|violence contre des civils|violence envers les civils|\
        violence sexuelle|violences sexuelles|viol|exécution|fusillade",
    ),
    (
        Type(Battles),
        "combat|combats|bataille|batailles|affrontement|affrontements|affrontement armé|\
        affrontements armés|accrochage|accrochages|embuscade|échange de tirs|échanges de tirs|\
        conflit armé|conflit intercommunautaire|affrontement intercommunautaire|\
        affrontements intercommunautaires",
    ),
    (
        Type(Looting),
        "pillage|pillages|vol|vols|vol à main armée|cambriolage|braquage|sabotage|vandalisme|\
        incendie criminel|incendie volontaire|destruction de biens|destruction de propriété|\
        pillage/destruction de biens|vol de bétail",
    ),
    (
        Type(Riots),
        "émeute|émeutes|violence de foule|manifestation violente|manifestations violentes|\
        lynchage",
    ),
    (
        Type(Protests),
        "manifestation|manifestations|manifestation pacifique|grève|grèves|protestation|\
        protestations|blocage|blocage de route|blocage routier|barrage routier|sit-in|marche pacifique",
    ),
    (
        Type(Strategic),
        "développement stratégique|développements stratégiques|arrestation|arrestations|\
        accord|accord de paix",
    ),
    (
        Of(Domain::Accident),
        "accident|accidents|accident minier|accident de mine|déversement|déversements|\
        fuite|marée noire|pollution|effondrement|effondrement de mine|éboulement|coup de grisou|\
        rupture de digue|rupture de barrage",
    ),
    (Of(Domain::Earthquake), "séisme|séismes|tremblement de terre|tremblements de terre"),
];

pub(super) const SPANISH: &[Words] = &[
    (
        Type(Explosions),
        "explosión|explosiones|explosivo|artefacto explosivo|\
        artefacto explosivo improvisado|bomba|coche bomba|carro bomba|bombardeo|bombardeos|ataque aéreo|\
        ataques aéreos|ataque con drones|ataque con dron|ataque con explosivos|ataque suicida|\
        atentado suicida|atentado con bomba|atentado con explosivos|atentado terrorista con explosivos|\
        mina terrestre|mina antipersonal|mina antipersona|minas antipersonal|campo minado|granada|\
        artillería|explosiones/violencia remota|violencia remota|violencia a distancia",
    ),
    (
        Type(Violence),
        "ataque|ataques|ataque armado|ataques armados|ataque a civiles|atentado|atentados|\
        agresión|agresión armada|asalto|asesinato|asesinatos|asesinato selectivo|homicidio|homicidios|\
        masacre|secuestro|secuestros|rapto|toma de rehenes|desaparición forzada|\
        secuestro/desaparición forzada|violencia contra civiles|violencia contra la población civil|\
        violencia sexual|violación|tiroteo|sicariato|ejecución",
    ),
    (
        Type(Battles),
        "combate|combates|batalla|batallas|enfrentamiento|enfrentamientos|\
        enfrentamiento armado|enfrentamientos armados|choque armado|emboscada|hostigamiento|\
        intercambio de disparos|conflicto armado",
    ),
    (
        Type(Looting),
        "saqueo|saqueos|robo|robos|robo a mano armada|hurto|atraco|sabotaje|vandalismo|\
        incendio provocado|incendio intencional|quema de vehículos|destrucción de propiedad|\
        destrucción de bienes|saqueo/destrucción de propiedad|daño a bienes civiles",
    ),
    (
        Type(Riots),
        "disturbio|disturbios|motín|motines|manifestación violenta|manifestaciones violentas|\
        violencia colectiva|linchamiento|asonada",
    ),
    (
        Type(Protests),
        "protesta|protestas|protesta pacífica|manifestación|manifestaciones|\
        manifestación pacífica|huelga|huelgas|paro|paro armado|bloqueo|bloqueos|bloqueo de vía|\
        bloqueo de vías|bloqueo de carretera|bloqueo de carreteras|corte de ruta|marcha|plantón|\
        conflicto social",
    ),
    (
        Type(Strategic),
        "desarrollo estratégico|desarrollos estratégicos|evento estratégico|arresto|\
        arrestos|detención|detenciones|captura|acuerdo|acuerdo de paz",
    ),
    (
        Of(Domain::Accident),
        "accidente|accidentes|accidente minero|accidente de mina|derrame|derrames|\
        derrame de petróleo|vertido|vertidos|fuga|contaminación|derrumbe|derrumbe de mina|\
        rotura de presa|colapso de presa",
    ),
    (Of(Domain::Earthquake), "terremoto|terremotos|sismo|sismos|temblor"),
];

pub(super) const PORTUGUESE: &[Words] = &[
    (
        Type(Explosions),
        "explosão|explosões|explosivo|engenho explosivo|artefato explosivo|bomba|\
        carro-bomba|bombardeio|bombardeios|bombardeamento|bombardeamentos|ataque aéreo|ataques aéreos|\
        ataque com drone|ataque com drones|ataque suicida|atentado suicida|atentado à bomba|\
        atentado a bomba|mina terrestre|minas terrestres|granada|artilharia|\
        explosões/violência remota|violência remota|violência à distância",
    ),
    (
        Type(Violence),
        "ataque|ataques|ataque armado|ataques armados|ataque a civis|ataque contra civis|\
        atentado|atentados|agressão|agressões|assassinato|assassinatos|assassínio|homicídio|homicídios|\
        massacre|chacina|sequestro|sequestros|rapto|raptos|tomada de reféns|desaparecimento forçado|\
        sequestro/desaparecimento forçado|violência contra civis|violência contra a população civil|\
        violência sexual|estupro|tiroteio|execução|decapitação",
    ),
    (
        Type(Battles),
        "combate|combates|batalha|batalhas|confronto|confrontos|confronto armado|\
        confrontos armados|choque armado|emboscada|troca de tiros|conflito armado",
    ),
    (
        Type(Looting),
        "saque|saques|pilhagem|pilhagens|roubo|roubos|furto|assalto|assaltos|\
        assalto à mão armada|sabotagem|vandalismo|incêndio criminoso|fogo posto|\
        destruição de propriedade|destruição de bens|saque/destruição de propriedade",
    ),
    (
        Type(Riots),
        "motim|motins|tumulto|tumultos|distúrbio|distúrbios|manifestação violenta|\
        manifestações violentas|violência popular|linchamento",
    ),
    (
        Type(Protests),
        "protesto|protestos|protesto pacífico|manifestação|manifestações|\
        manifestação pacífica|greve|greves|bloqueio|bloqueios|bloqueio de estrada|bloqueio de estradas|\
        bloqueio de via|marcha|passeata",
    ),
    (
        Type(Strategic),
        "desenvolvimento estratégico|desenvolvimentos estratégicos|\
        acontecimento estratégico|detenção|detenções|prisão|prisões|acordo|acordo de paz",
    ),
    (
        Of(Domain::Accident),
        "acidente|acidentes|acidente de mina|acidente mineiro|acidente de mineração|\
        derrame|derramamento|derramamento de óleo|vazamento|vazamentos|poluição|contaminação|\
        desabamento|rompimento de barragem",
    ),
    (Of(Domain::Earthquake), "terremoto|terramoto|terremotos|sismo|sismos|abalo sísmico"),
];

pub(super) const RUSSIAN: &[Words] = &[
    (
        Type(Explosions),
        "взрыв|взрывы|подрыв|бомба|бомбардировка|бомбардировки|бомбежка|авиаудар|\
        авиаудары|удар беспилотника|удар БПЛА|удар дрона|атака БПЛА|атака беспилотника|атака дрона|обстрел|\
        обстрелы|артобстрел|артиллерийский обстрел|минометный обстрел|ракетный удар|ракетный обстрел|\
        мина|мины|подрыв на мине|СВУ|самодельное взрывное устройство|граната|смертник|теракт смертника|\
        взрывы/дистанционное насилие|дистанционное насилие",
    ),
    (
        Type(Violence),
        "нападение|нападения|вооруженное нападение|атака|теракт|террористический акт|\
        убийство|убийства|покушение|похищение|похищения|похищение людей|захват заложников|\
        насильственное исчезновение|насилие против гражданских лиц|насилие в отношении гражданских лиц|\
        насилие против мирных жителей|насилие над гражданскими|сексуальное насилие|изнасилование|\
        стрельба|расстрел|казнь",
    ),
    (
        Type(Battles),
        "бой|бои|битва|сражение|столкновение|столкновения|вооруженное столкновение|\
        вооруженные столкновения|боестолкновение|перестрелка|засада|вооруженный конфликт",
    ),
    (
        Type(Looting),
        "мародерство|грабеж|грабежи|ограбление|разбой|кража|хищение|диверсия|саботаж|\
        вандализм|поджог|поджоги|уничтожение имущества|порча имущества",
    ),
    (Type(Riots), "беспорядки|массовые беспорядки|бунт|погром|погромы|самосуд"),
    (
        Type(Protests),
        "протест|протесты|акция протеста|мирный протест|митинг|митинги|демонстрация|\
        демонстрации|забастовка|забастовки|блокада|блокирование дороги|перекрытие дороги|пикет",
    ),
    (
        Type(Strategic),
        "стратегическое событие|стратегические события|арест|аресты|задержание|задержания|\
        соглашение|мирное соглашение",
    ),
    (
        Of(Domain::Accident),
        "авария|аварии|несчастный случай|авария на шахте|обвал|обрушение|разлив|\
        разлив нефти|утечка|загрязнение|прорыв дамбы",
    ),
    (Of(Domain::Earthquake), "землетрясение|землетрясения"),
];

pub(super) const ARABIC: &[Words] = &[
    (
        Type(Explosions),
        "انفجار|انفجارات|تفجير|تفجيرات|تفجير انتحاري|هجوم انتحاري|قنبلة|عبوة ناسفة|\
        عبوات ناسفة|سيارة مفخخة|لغم|ألغام|لغم أرضي|قصف|قصف مدفعي|قصف جوي|غارة جوية|غارات جوية|غارة|\
        ضربة جوية|ضربة بطائرة مسيرة|هجوم بطائرة مسيرة|قذيفة|قذائف|صاروخ|هجوم صاروخي|قنبلة يدوية|\
        العنف عن بعد|الانفجارات/العنف عن بعد",
    ),
    (
        Type(Violence),
        "هجوم|هجمات|هجوم مسلح|اعتداء|اعتداءات|قتل|مقتل|اغتيال|اغتيالات|مجزرة|خطف|اختطاف|\
        عملية خطف|اختفاء قسري|احتجاز رهائن|عنف ضد المدنيين|العنف ضد المدنيين|عنف جنسي|العنف الجنسي|\
        اغتصاب|إطلاق نار|إعدام|هجوم إرهابي",
    ),
    (
        Type(Battles),
        "معركة|معارك|اشتباك|اشتباكات|اشتباك مسلح|اشتباكات مسلحة|كمين|قتال|مواجهات مسلحة|\
        مواجهة مسلحة|نزاع مسلح|تبادل إطلاق النار",
    ),
    (
        Type(Looting),
        "نهب|سلب|سرقة|سطو|سطو مسلح|تخريب|حرق متعمد|إحراق|تدمير الممتلكات|تدمير ممتلكات|\
        نهب/تدمير الممتلكات",
    ),
    (Type(Riots), "شغب|أعمال شغب|أعمال الشغب|مظاهرة عنيفة|مظاهرات عنيفة|عنف الغوغاء"),
    (
        Type(Protests),
        "احتجاج|احتجاجات|الاحتجاجات|احتجاج سلمي|مظاهرة|مظاهرات|تظاهرة|اعتصام|إضراب|قطع طريق|\
        إغلاق طريق|وقفة احتجاجية|مسيرة",
    ),
    (
        Type(Strategic),
        "تطورات استراتيجية|التطورات الاستراتيجية|اعتقال|اعتقالات|اتفاق|اتفاقية|اتفاق سلام",
    ),
    (Of(Domain::Accident), "حادث|حوادث|حادث منجم|انهيار منجم|تسرب|تسرب نفطي|تلوث|انسكاب|انهيار سد"),
    (Of(Domain::Earthquake), "زلزال|زلازل|هزة أرضية"),
];

pub(super) const PERSIAN: &[Words] = &[
    (
        Type(Explosions),
        "انفجار|انفجارها|بمب|بمب گذاری|بمب‌گذاری|بمب کنار جاده|ماین|مین|مین زمینی|\
        حمله انتحاری|حمله هوایی|حملات هوایی|حمله پهپادی|حمله موشکی|حمله راکتی|بمباران|گلوله باران|\
        گلوله‌باران|نارنجک|خودروی بمب گذاری شده|خشونت از راه دور",
    ),
    (
        Type(Violence),
        "حمله|حملات|حمله مسلحانه|حمله تروریستی|ترور|قتل|کشتار|آدم ربایی|آدم‌ربایی|ربودن|\
        اختطاف|گروگان گیری|گروگان‌گیری|ناپدید شدن اجباری|خشونت علیه غیرنظامیان|خشونت جنسی|تجاوز|\
        تیراندازی|اعدام|سوء قصد|سوءقصد",
    ),
    (
        Type(Battles),
        "نبرد|نبردها|درگیری|درگیری‌ها|درگیری ها|درگیری مسلحانه|جنگ|زد و خورد|کمین|\
        تبادل آتش|جنگ مسلحانه",
    ),
    (
        Type(Looting),
        "غارت|چپاول|سرقت|سرقت مسلحانه|دزدی|خرابکاری|تخریب|تخریب اموال|آتش سوزی عمدی|\
        آتش‌سوزی عمدی|آتش زدن",
    ),
    (Type(Riots), "شورش|شورش‌ها|اغتشاش|اغتشاشات|تظاهرات خشونت آمیز|تظاهرات خشونت‌آمیز"),
    (
        Type(Protests),
        "اعتراض|اعتراضات|اعتراض مسالمت آمیز|تظاهرات|تجمع|تجمع اعتراضی|اعتصاب|تحصن|\
        راهپیمایی|بستن جاده|مسدود کردن جاده",
    ),
    (Type(Strategic), "تحولات استراتژیک|تحولات راهبردی|بازداشت|دستگیری|توافق|توافق صلح"),
    (
        Of(Domain::Accident),
        "حادثه|حوادث|سانحه|حادثه معدن|ریزش معدن|فروریزش معدن|نشت|نشت نفت|آلودگی|\
        شکست سد",
    ),
    (Of(Domain::Earthquake), "زلزله|زمین لرزه|زمین‌لرزه"),
];

pub(super) const URDU: &[Words] = &[
    (
        Type(Explosions),
        "دھماکہ|دھماکا|دھماکے|بم دھماکہ|بم دھماکا|بم دھماکے|بم|بم حملہ|خودکش حملہ|\
        خود کش حملہ|خودکش دھماکہ|خودکش دھماکا|بارودی سرنگ|بارودی سرنگ کا دھماکہ|فضائی حملہ|ڈرون حملہ|\
        راکٹ حملہ|میزائل حملہ|گولہ باری|بمباری|دستی بم|دستی بم حملہ|آئی ای ڈی|آئی ای ڈی دھماکہ",
    ),
    (
        Type(Violence),
        "حملہ|حملے|مسلح حملہ|دہشت گرد حملہ|دہشت گردی|قتل|ٹارگٹ کلنگ|اغوا|اغواء|\
        اغوا برائے تاوان|جبری گمشدگی|یرغمال|فائرنگ|شہریوں پر تشدد|شہریوں کے خلاف تشدد|جنسی تشدد|تشدد",
    ),
    (
        Type(Battles),
        "لڑائی|جھڑپ|جھڑپیں|مسلح جھڑپ|مسلح تصادم|تصادم|مقابلہ|پولیس مقابلہ|گھات|\
        فائرنگ کا تبادلہ|جنگ",
    ),
    (
        Type(Looting),
        "لوٹ مار|لوٹمار|ڈکیتی|چوری|ڈاکہ|تخریب کاری|توڑ پھوڑ|آتش زنی|املاک کی تباہی|نذر آتش",
    ),
    (Type(Riots), "فساد|فسادات|ہنگامہ|ہنگامے|ہنگامہ آرائی|بلوہ|پرتشدد مظاہرہ|پرتشدد احتجاج"),
    (
        Type(Protests),
        "احتجاج|احتجاجی مظاہرہ|مظاہرہ|مظاہرے|پرامن احتجاج|پرامن مظاہرہ|دھرنا|ہڑتال|\
        شٹر ڈاؤن ہڑتال|ریلی|سڑک بند|سڑک کی بندش|ناکہ بندی",
    ),
    (Type(Strategic), "گرفتاری|گرفتاریاں|معاہدہ|امن معاہدہ"),
    (
        Of(Domain::Accident),
        "حادثہ|حادثات|کان حادثہ|کان کا حادثہ|کان میں حادثہ|کان بیٹھ گئی|رساؤ|\
        تیل کا رساؤ|آلودگی",
    ),
    (Of(Domain::Earthquake), "زلزلہ|زلزلے"),
];

pub(super) const GERMAN: &[Words] = &[
    (
        Type(Explosions),
        "Explosion|Explosionen|Bombe|Bombenanschlag|Bombenanschläge|Bombenexplosion|Sprengsatz|\
        Sprengstoffanschlag|Autobombe|Selbstmordanschlag|Selbstmordattentat|Luftangriff|Luftangriffe|\
        Luftschlag|Drohnenangriff|Raketenangriff|Raketenbeschuss|Artilleriebeschuss|Beschuss|\
        Mörserangriff|Landmine|Minenexplosion|Granate|Handgranate|Ferngewalt",
    ),
    (
        Type(Violence),
        "Angriff|Angriffe|bewaffneter Angriff|Überfall auf Zivilisten|Anschlag|Anschläge|Attentat|\
        Mord|Morde|Tötung|Massaker|Entführung|Entführungen|Geiselnahme|Verschleppung|\
        Gewalt gegen Zivilisten|sexuelle Gewalt|Vergewaltigung|Hinrichtung|Schießerei|Terroranschlag",
    ),
    (
        Type(Battles),
        "Kampf|Kämpfe|Gefecht|Gefechte|Schlacht|Zusammenstoß|Zusammenstöße|bewaffneter Zusammenstoß|\
        bewaffnete Auseinandersetzung|Feuergefecht|Hinterhalt",
    ),
    (
        Type(Looting),
        "Plünderung|Plünderungen|Raub|Raubüberfall|Diebstahl|Sabotage|Brandstiftung|Sachbeschädigung|\
        Zerstörung von Eigentum",
    ),
    (
        Type(Riots),
        "Unruhe|Unruhen|Ausschreitung|Ausschreitungen|Krawall|Krawalle|gewaltsamer Protest",
    ),
    (
        Type(Protests),
        "Protest|Proteste|Demonstration|Demonstrationen|Kundgebung|Streik|Blockade|Straßenblockade|\
        friedlicher Protest|Sitzblockade",
    ),
    (
        Type(Strategic),
        "strategische Entwicklung|strategische Entwicklungen|Verhaftung|Verhaftungen|Festnahme",
    ),
    (
        Of(Domain::Accident),
        "Unfall|Unfälle|Grubenunglück|Grubenunfall|Arbeitsunfall|Einsturz|Dammbruch|Leckage|Ölunfall",
    ),
    (Of(Domain::Earthquake), "Erdbeben"),
];

pub(super) const CHINESE: &[Words] = &[
    (
        Type(Explosions),
        "爆炸|爆炸事件|炸弹|炸弹袭击|自杀式袭击|自杀式爆炸|汽车炸弹|空袭|无人机袭击|炮击|火箭弹袭击|\
        导弹袭击|地雷|地雷爆炸|手榴弹|简易爆炸装置|爆炸/远程暴力",
    ),
    (
        Type(Violence),
        "袭击|武装袭击|攻击|恐怖袭击|枪击|谋杀|杀害|暗杀|屠杀|绑架|劫持|劫持人质|人质|强迫失踪|\
        针对平民的暴力|暴力侵害平民|性暴力|处决",
    ),
    (Type(Battles), "战斗|交战|交火|冲突|武装冲突|伏击"),
    (Type(Looting), "抢劫|掠夺|盗窃|破坏|财产破坏|纵火"),
    (Type(Riots), "骚乱|暴乱|暴动|暴力示威"),
    (Type(Protests), "抗议|和平抗议|示威|示威游行|游行|罢工|静坐|封路|道路封锁"),
    (Type(Strategic), "战略发展|逮捕|和平协议"),
    (Of(Domain::Accident), "事故|矿难|矿山事故|矿井事故|坍塌|塌方|溃坝|泄漏|石油泄漏|污染"),
    (Of(Domain::Earthquake), "地震"),
];
