import Foundation
import Testing

/// What a page points to is there.
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
}
