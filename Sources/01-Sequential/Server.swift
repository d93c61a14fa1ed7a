@main struct Sequential { static func main() {} }
