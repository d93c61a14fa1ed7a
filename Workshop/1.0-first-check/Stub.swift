/// The response to a browser that asked for the page: a status line, the header section, an empty
/// line, and the body, which is `Hello`.
func response() -> String {
  "Hello"
}
