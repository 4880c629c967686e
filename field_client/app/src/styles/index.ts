// The look of the app, in the order in which the sheets build upon each other.

import "./tokens.css";
import "./ui.css";
import "./officer.css";
import "./tasks.css";
import "./print.css";
