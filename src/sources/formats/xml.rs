//! XML as elements, one record at a time. Nothing outside the text is ever fetched, and entities
//! declared by a document are kept as written, so that none can expand.

use crate::{Code, Error, Result};
use memchr::memchr_iter;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// The deepest nesting of elements.
const DEEPEST: usize = 200;

/// The maximum number of elements in a record.
const MOST_ELEMENTS: usize = 5_000_000;

/// An element with its content. Names have no prefix.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// The text directly in the element, without that of its children.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The first child with a name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children with a name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The trimmed text; `None` if it is empty.
    pub fn text(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// The text of the first child with a name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)?.text()
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The next event of a document.
#[derive(Debug)]
pub(super) enum XmlEvent {
    /// An element begins; it has no content yet.
    Start(Element),
    End,
    /// The end of the document.
    Over,
}

/// A document that is read forward.
#[derive(Debug)]
pub(super) struct Xml<'t> {
    file: &'t str,
    text: &'t str,
    reader: quick_xml::Reader<&'t [u8]>,
    depth: usize,
}

impl<'t> Xml<'t> {
    pub fn new(file: &'t str, text: &'t str) -> Self {
        let mut reader = quick_xml::Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { file, text, reader, depth: 0 }
    }

    /// The number of open elements.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Returns the next start or end of an element.
    ///
    /// # Errors
    /// The text is not XML, or is cut short.
    pub fn next(&mut self) -> Result<XmlEvent> {
        loop {
            if let Some(seen) = self.event(None)? {
                return Ok(seen);
            }
        }
    }

    /// Reads the content of a started element, up to its end.
    ///
    /// # Errors
    /// As [`next`](Self::next), and the element has too many parts for a record.
    pub fn fill(&mut self, element: Element) -> Result<Element> {
        let (mut open, mut count) = (vec![element], 0_usize);
        loop {
            let text = open.last_mut().map(|element| &mut element.text);
            match self.event(text)? {
                None => {}
                Some(XmlEvent::Start(element)) => {
                    count += 1;
                    if count > MOST_ELEMENTS {
                        return Err(
                            self.fault(format!("a record has more than {MOST_ELEMENTS} elements"))
                        );
                    }
                    open.push(element);
                }
                Some(XmlEvent::End) => {
                    let Some(done) = open.pop() else { return Ok(Element::default()) };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
                Some(XmlEvent::Over) => {
                    return Err(self.fault("the document is cut short".to_owned()));
                }
            }
        }
    }

    /// Returns the next event; text is appended to the given string.
    fn event(&mut self, text: Option<&mut String>) -> Result<Option<XmlEvent>> {
        let event = match self.reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(self.fault(format!("is not well-formed XML: {error}"))),
        };
        let add = |more: &str| {
            if let Some(text) = text {
                text.push_str(more);
            }
        };
        match event {
            Event::Start(start) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(self.fault(format!("elements are nested more than {DEEPEST} deep")));
                }
                return Ok(Some(XmlEvent::Start(head_of(&start))));
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                return Ok(Some(XmlEvent::End));
            }
            Event::Eof if self.depth > 0 => {
                return Err(self.fault("the document is cut short".to_owned()));
            }
            Event::Eof => return Ok(Some(XmlEvent::Over)),
            Event::Text(piece) => add(&piece.xml10_content()),
            Event::CData(piece) => add(&piece.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(character)) => add(character.encode_utf8(&mut [0; 4])),
                _ => {
                    let name = name.into_inner();
                    match quick_xml::escape::resolve_predefined_entity(&name) {
                        Some(character) => add(character),
                        None => add(&format!("&{name};")),
                    }
                }
            },
            _ => {}
        }
        Ok(None)
    }

    /// An error at the current position of the document.
    pub fn fault(&self, why: String) -> Error {
        let at = self.reader.error_position().max(self.reader.buffer_position());
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(self.text.len());
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let line = memchr_iter(b'\n', before).count() + 1;
        // A quote from the document may span several lines, but a message is one line.
        let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
        Error::data(Code::FileDamaged, format!("{}: line {line}: {why}", self.file))
            .with_hint("the file may be cut short or damaged; fetch it again")
    }
}

fn head_of(start: &BytesStart<'_>) -> Element {
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).flatten().map(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_or_else(|_| attribute.value.clone().into_owned(), |v| v.into_owned());
        (attribute.key.local_name().into_inner().to_owned(), value)
    });
    Element {
        name: start.local_name().into_inner().to_owned(),
        attributes: attributes.collect(),
        ..Element::default()
    }
}

/// Returns the root element of an XML text: its name without a prefix, and the whole tag as written.
pub(super) fn root_of(text: &str) -> Option<(String, String)> {
    let text = text.trim_start();
    if !text.starts_with('<') {
        return None;
    }
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    for _ in 0..100 {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.local_name().into_inner().to_owned();
                return Some((name, String::from(&*start)));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<Element> {
        let mut xml = Xml::new("t.xml", text);
        match xml.next()? {
            XmlEvent::Start(element) => xml.fill(element),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn elements_hold_texts_attributes_and_elements() {
        let a = filled(
            "<?xml version='1.0'?><!-- c --><x:a k='1 &amp; 2'> t&lt;<b/><![CDATA[<i>&]]> &#233;</x:a>",
        );
        let a = a.expect("sound");
        assert_eq!((a.name.as_str(), a.text()), ("a", Some("t<<i>& é")));
        assert_eq!(a.attribute("k"), Some("1 & 2"));
        assert_eq!(a.children.len(), 1);
    }

    #[test]
    fn entities_of_a_document_do_not_grow_and_nothing_is_fetched() {
        let bomb = "<!DOCTYPE a [<!ENTITY l 'lol'><!ENTITY m '&l;&l;&l;&l;'>\
                    <!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>&m;&f;&nbsp;</a>";
        assert_eq!(filled(bomb).expect("sound").text(), Some("&m;&f;&nbsp;"));
    }

    #[test]
    fn what_is_cut_short_or_too_deep_is_refused_with_its_line() {
        let error = filled("<a>\n<b>\n</b>").expect_err("cut short").to_string();
        assert_eq!(error, "t.xml: line 3: the document is cut short");
        let error = filled("<a>\n<b></c></a>").expect_err("crossed").to_string();
        assert!(error.starts_with("t.xml: line 2: is not well-formed XML"), "{error}");
        let deep = "<a>".repeat(300) + &"</a>".repeat(300);
        assert!(filled(&deep).expect_err("too deep").to_string().contains("200 deep"));
    }
}
