//! XML in QGIS's conventions: elements with attributes, and trees of options.

use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use std::io::Cursor;

/// An XML document being written. Writing to memory does not fail, so there are no errors.
pub(super) struct Xml {
    writer: Writer<Cursor<Vec<u8>>>,
}

impl Xml {
    /// An empty document.
    pub(super) fn new() -> Self {
        Self { writer: Writer::new_with_indent(Cursor::new(Vec::new()), b' ', 1) }
    }

    /// The doctype by which QGIS recognizes its files.
    pub(super) fn doctype(&mut self) {
        let text = "qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'";
        self.event(Event::DocType(BytesText::from_escaped(text)));
    }

    /// Writes an element with children.
    pub(super) fn within(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inner: impl FnOnce(&mut Self),
    ) {
        self.event(Event::Start(start(name, attributes)));
        inner(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// Writes an empty element.
    pub(super) fn leaf(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Empty(start(name, attributes)));
    }

    /// Writes an element with a text.
    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.event(Event::Start(start(name, attributes)));
        self.event(Event::Text(BytesText::new(&legal(text))));
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// Writes a map of options, each a text.
    pub(super) fn options(&mut self, options: &[(&str, &str)]) {
        self.within("Option", &[("type", "Map")], |xml| {
            for (name, value) in options {
                xml.leaf("Option", &[("type", "QString"), ("name", name), ("value", value)]);
            }
        });
    }

    /// Writes data-defined properties: an element of QGIS's with an expression for each name.
    pub(super) fn by_expression(&mut self, element: &str, properties: &[(&str, &str)]) {
        self.within(element, &[], |xml| {
            xml.within("Option", &[("type", "Map")], |xml| {
                xml.leaf("Option", &[("type", "QString"), ("name", "name"), ("value", "")]);
                if properties.is_empty() {
                    xml.leaf("Option", &[("name", "properties")]);
                } else {
                    xml.within("Option", &[("type", "Map"), ("name", "properties")], |xml| {
                        for (name, expression) in properties {
                            xml.within("Option", &[("type", "Map"), ("name", name)], |xml| {
                                let option = |xml: &mut Self, kind, name, value| {
                                    xml.leaf(
                                        "Option",
                                        &[("type", kind), ("name", name), ("value", value)],
                                    );
                                };
                                option(xml, "bool", "active", "true");
                                option(xml, "QString", "expression", expression);
                                // 3 is QGIS's number for an expression.
                                option(xml, "int", "type", "3");
                            });
                        }
                    });
                }
                xml.leaf(
                    "Option",
                    &[("type", "QString"), ("name", "type"), ("value", "collection")],
                );
            });
        });
    }

    /// The text of the document.
    pub(super) fn finish(self) -> String {
        let mut bytes = self.writer.into_inner().into_inner();
        bytes.push(b'\n');
        // Everything written is UTF-8.
        String::from_utf8(bytes).unwrap_or_default()
    }

    fn event(&mut self, event: Event) {
        let _ = self.writer.write_event(event);
    }
}

fn start<'n>(name: &'n str, attributes: &[(&str, &str)]) -> BytesStart<'n> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, legal(value).as_str()));
    }
    start
}

/// A text without the characters that XML 1.0 does not allow (section 2.2), even escaped.
fn legal(text: &str) -> String {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    text.chars().map(|c| if allowed(c) { c } else { '\u{FFFD}' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_read_back_or_replaced_where_xml_has_no_way_to_hold_it() {
        let mut xml = Xml::new();
        xml.within("a", &[("k", "<&>\"' 🚩\u{0}")], |xml| {
            xml.text("b", &[], "]]> <i> & \u{FFFE}")
        });
        let text = xml.finish();
        assert!(text.contains("🚩\u{FFFD}") && text.contains("&lt;i&gt; &amp; \u{FFFD}"), "{text}");
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Eof => break,
                Event::Start(e) if e.name().0 == "a" => {
                    let k = e.try_get_attribute("k").expect("readable").expect("there");
                    assert_eq!(
                        k.normalized_value(quick_xml::XmlVersion::Implicit1_0).expect("a text"),
                        "<&>\"' 🚩\u{FFFD}"
                    );
                }
                _ => {}
            }
        }
    }
}
