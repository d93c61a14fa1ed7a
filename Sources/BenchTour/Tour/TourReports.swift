import BenchSupport
import CommandLineOptions
import Common
import FoundationEssentials
import Glibc

/// The files that a tour writes: always the page; pictures and figures if asked for.
struct TourReports {
  private let options: TourOptions

  /// Throws at the end if something could not be written. Until then an old page stays as it is.
  init(_ options: TourOptions) throws(UsageError) {
    self.options = options
    for file in [options.htmlFile, options.jsonFile].compactMap({ $0 }) {
      let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
      if access(file, F_OK) == 0 ? access(file, W_OK) != 0 : access(folder, W_OK) != 0 {
        throw UsageError("cannot write \(file): \(String(cString: strerror(errno)))")
      }
    }
    if let folder = options.pictureFolder, mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw UsageError("cannot make \(folder): \(String(cString: strerror(errno)))")
    }
  }

  func write(_ record: TourRecord, _ player: TourPlayer) throws {
    let pictures = TourPictures(record)
    let page = TourPage(record: record, pictures: pictures, player: player).html
    try OutputFile.write(page, to: options.htmlFile)
    if let folder = options.pictureFolder {
      for (name, picture) in pictures.all {
        try OutputFile.write(picture.text, to: "\(folder)/\(name).svg")
      }
    }
    if let path = options.jsonFile { try OutputFile.write(Self.text(of: record), to: path) }
    try StandardOutput.show("\nThe pictures: \(options.htmlFile)")
  }

  /// One member per line, but rows of numbers in a single line, so that two tours can be compared
  /// line by line.
  static func text(of record: TourRecord) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var text = ""
    var row: String?
    for line in String(decoding: try encoder.encode(record), as: UTF8.self).split(separator: "\n") {
      let word = line.drop { $0 == " " }
      let isNumber = word.allSatisfy { $0.isNumber || $0 == "," }
      if word == "[" {
        text += row.map { $0 + "\n" } ?? ""
        row = String(line)
      } else if let begun = row, isNumber {
        row = begun + word
      } else if let begun = row, word == "]" || word == "]," {
        text += begun + word + "\n"
        row = nil
      } else {
        text += (row.map { $0 + "\n" } ?? "") + line + "\n"
        row = nil
      }
    }
    return text
  }
}
