// swift-tools-version: 6.2
// Servers for comparison. They are a separate package because they need others; the servers of this
// repository need none.
//
//   swift build -c release --package-path Peers
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
// Older valgrinds stop at the debug information of the C parts.
let stripped: [LinkerSetting] = [.unsafeFlags(["-Xlinker", "--strip-debug"])]
let nio: [Target.Dependency] = [
  "PeerSupport",
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
  name: "peers",
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
  ],
  targets: [
    .target(name: "PeerSupport", swiftSettings: strict),
    .executableTarget(
      name: "nio",
      dependencies: nio + [.product(name: "NIOWebSocket", package: "swift-nio")],
      swiftSettings: strict, linkerSettings: stripped),
    .executableTarget(
      name: "nio-async", dependencies: nio, swiftSettings: strict, linkerSettings: stripped),
    .executableTarget(
      name: "hummingbird",
      dependencies: [
        "PeerSupport",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict, linkerSettings: stripped),
  ]
)
