import Foundation
import FoundationXML

/// The text of an SVG for readers who cannot see it, read by an XML parser: the file must be
/// well-formed.
final class PictureText: NSObject, XMLParserDelegate {
  private(set) var title = ""
  private(set) var words = ""
  /// All texts that the picture shows.
  private(set) var labels: [String] = []
  private(set) var elements: [String: Int] = [:]
  private var content = ""

  /// `nil` if it is not well-formed XML.
  init?(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    if !parser.parse() { return nil }
  }

  /// The numbers of the description, in order, without their units.
  var numbers: [Double] {
    words.split { !$0.isNumber && $0 != "." }.compactMap { Double($0) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    content = ""
    elements[name, default: 0] += 1
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { content += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    switch name {
    case "title": title = content
    case "desc": words = content
    case "text": labels.append(content)
    default: break
    }
  }
}
