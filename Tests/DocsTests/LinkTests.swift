import Foundation
import Testing

/// The targets of links exist.
@Suite struct LinkTests {
  @Test(arguments: Page.all)
  func `every link to a file or a heading of ours leads somewhere`(page: Page) throws {
    let folder = URL(filePath: page.path).deletingLastPathComponent().relativePath
    for link in try page.prose().matches(of: /(?:\]\(|src="|srcset=")([^)"\s]+)/).map(\.output.1) {
      if link.contains("://") { continue }
      let parts = link.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
      let path = parts[0].isEmpty ? page.path : folder + "/" + parts[0]
      let file = Page.root.appending(path: path).standardizedFileURL
      #expect(FileManager.default.fileExists(atPath: file.path), "no file for \(link)")
      if parts.count == 1 { continue }
      let anchors = try Page(path: path).anchors()
      #expect(anchors.contains(parts[1]), "no heading for \(link)")
    }
  }

  /// A step's head names a section of the book: the section that `course` prints must exist.
  @Test func `every step names an existing section of the book`() throws {
    let folder = Page.root.appending(path: "Steps").path
    for step in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      guard let head = try? Page.text(at: "Steps/\(step)/step.md") else { continue }
      let read = try #require(
        head.firstMatch(of: /(?m)^- read: .*\]\(\.\.\/\.\.\/([^#]+)#([^)]+)\)$/), "\(step)")
      let anchors = try Page(path: String(read.output.1)).anchors()
      #expect(anchors.contains(String(read.output.2)), "\(step): no heading for \(read.output.0)")
    }
  }
}
