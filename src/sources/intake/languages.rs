//! Words for columns in other languages.

use super::columns::Field as F;

/// The languages of column names, apart from English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    German,
    French,
    Spanish,
    Portuguese,
    Italian,
    Russian,
    Chinese,
    Arabic,
    Persian,
    Urdu,
}

use Language as L;

/// A language, and its words for fields.
pub(super) type Words = (Language, &'static [(F, &'static [&'static str])]);

/// Foreign words for the fields of every role and for those of incidents.
pub(crate) const FOREIGN: [Words; 10] = [
    (
        L::German,
        &[
            (
                F::Lat,
                &[
                    "Hochwert",
                    "Nordwert",
                    "Breite",
                    "Breitengrad",
                    "geografische Breite",
                    "geographische Breite",
                ],
            ),
            (
                F::Lon,
                &[
                    "Rechtswert",
                    "Ostwert",
                    "Länge",
                    "Laenge",
                    "Längengrad",
                    "Laengengrad",
                    "geografische Länge",
                    "geographische Länge",
                ],
            ),
            (F::Id, &["Nr", "Nummer", "Kennung", "lfd. Nr."]),
            (F::Name, &["Bezeichnung", "Bergwerk", "Ortsname"]),
            (F::Date, &["Datum", "Ereignisdatum"]),
            (F::Country, &["Staat", "Land"]),
            (F::EventType, &["Ereignisart", "Vorfallart", "Ereignistyp", "Typ", "Art"]),
            (F::Fatalities, &["Tote", "Todesopfer", "Getötete", "Anzahl Tote"]),
            (F::Population, &["Einwohner", "Einwohnerzahl", "Bevölkerung"]),
        ],
    ),
    (
        L::French,
        &[
            (F::Id, &["identifiant", "numéro"]),
            (F::Name, &["nom", "nom du site", "nom de la mine"]),
            (F::Date, &["date de l'événement", "date de l'incident"]),
            (F::Country, &["pays"]),
            (F::EventType, &["type d'événement", "type d'incident"]),
            (
                F::Fatalities,
                &[
                    "morts",
                    "décès",
                    "tués",
                    "nombre de morts",
                    "nb de morts",
                    "nombre de décès",
                    "nombre de tués",
                ],
            ),
            (F::Population, &["habitants", "nombre d'habitants"]),
        ],
    ),
    (
        L::Spanish,
        &[
            (F::Lat, &["latitud", "coordenada norte", "coordenadas norte"]),
            (F::Lon, &["longitud", "coordenada este", "coordenadas este"]),
            (F::Id, &["identificador", "código", "clave"]),
            (F::Name, &["nombre", "nombre del sitio", "nombre de la mina"]),
            (F::Date, &["fecha", "fecha del evento", "fecha del incidente"]),
            (F::Country, &["país"]),
            (F::EventType, &["tipo de evento", "tipo de incidente", "tipo"]),
            (F::Fatalities, &["muertos", "muertes", "fallecidos", "número de muertos"]),
            (F::Population, &["población", "habitantes"]),
        ],
    ),
    (
        L::Portuguese,
        &[
            (F::Id, &["identificador", "código"]),
            (F::Name, &["nome", "nome do local", "nome da mina"]),
            (F::Date, &["data do evento", "data do incidente", "data"]),
            (F::Country, &["país"]),
            (F::EventType, &["tipo de evento", "tipo de incidente", "tipo"]),
            (F::Fatalities, &["mortos", "mortes", "óbitos", "número de mortos"]),
            (F::Population, &["população", "habitantes"]),
        ],
    ),
    (
        L::Italian,
        &[
            (F::Lat, &["latitudine"]),
            (F::Lon, &["longitudine"]),
            (F::Name, &["nome"]),
            (F::Date, &["data"]),
            (F::Country, &["paese"]),
            (F::Fatalities, &["morti", "vittime"]),
        ],
    ),
    (
        L::Russian,
        &[
            (F::Lat, &["широта", "географическая широта"]),
            (F::Lon, &["долгота", "географическая долгота"]),
            (F::Id, &["код", "номер", "ид", "№"]),
            (F::Name, &["название", "наименование", "имя"]),
            (F::Date, &["дата", "дата события", "дата инцидента"]),
            (F::Country, &["страна"]),
            (F::EventType, &["тип события", "вид события", "тип инцидента", "тип"]),
            (F::Fatalities, &["погибшие", "погибло", "убитые", "убито", "число погибших"]),
            (F::Population, &["население", "численность населения"]),
        ],
    ),
    (
        L::Chinese,
        &[
            (F::Lat, &["纬度", "緯度", "北纬", "北緯", "南纬", "南緯"]),
            (F::Lon, &["经度", "經度", "东经", "東經", "西经", "西經"]),
            (F::Id, &["编号", "編號", "序号", "序號"]),
            (F::Name, &["名称", "名稱", "名字", "矿山名称"]),
            (F::Date, &["日期", "事件日期"]),
            (F::Country, &["国家", "國家"]),
            (F::EventType, &["事件类型", "事件類型", "类型", "類型"]),
            (F::Fatalities, &["死亡人数", "死亡人數", "死亡"]),
            (F::Population, &["人口"]),
        ],
    ),
    (
        L::Arabic,
        &[
            (F::Lat, &["خط العرض", "دائرة العرض", "العرض"]),
            (F::Lon, &["خط الطول", "الطول"]),
            (F::Id, &["الرقم", "رقم", "المعرف", "الرمز"]),
            (F::Name, &["الاسم", "اسم", "اسم الموقع", "اسم المنجم"]),
            (F::Date, &["التاريخ", "تاريخ", "تاريخ الحدث"]),
            (F::Country, &["البلد", "الدولة", "دولة"]),
            (F::EventType, &["نوع الحدث", "نوع الحادث", "النوع"]),
            (F::Fatalities, &["القتلى", "عدد القتلى", "الوفيات", "عدد الوفيات"]),
            (F::Population, &["السكان", "عدد السكان"]),
        ],
    ),
    (
        L::Persian,
        &[
            (F::Lat, &["عرض جغرافیایی", "عرض"]),
            (F::Lon, &["طول جغرافیایی", "طول"]),
            (F::Id, &["شناسه", "کد", "شماره"]),
            (F::Name, &["نام", "نام معدن"]),
            (F::Date, &["تاریخ", "تاریخ رویداد"]),
            (F::Country, &["کشور"]),
            (F::EventType, &["نوع رویداد", "نوع حادثه", "نوع"]),
            (F::Fatalities, &["کشته‌ها", "تعداد کشته‌ها", "کشته شدگان", "کشته"]),
            (F::Population, &["جمعیت"]),
        ],
    ),
    (
        L::Urdu,
        &[
            (F::Lat, &["عرض بلد", "عرض البلد"]),
            (F::Lon, &["طول بلد", "طول البلد"]),
            (F::Id, &["نمبر", "شناخت"]),
            (F::Name, &["نام"]),
            (F::Date, &["تاریخ"]),
            (F::Country, &["ملک"]),
            (F::EventType, &["واقعے کی قسم", "واقعہ کی قسم", "قسم"]),
            (F::Fatalities, &["ہلاکتیں", "اموات", "ہلاک", "جاں بحق"]),
            (F::Population, &["آبادی"]),
        ],
    ),
];
