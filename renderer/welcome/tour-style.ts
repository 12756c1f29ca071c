/** Loaded with the tour, and not before. */
import 'driver.js/dist/driver.css';
import './tour.css';
